"""Rules for displayed names: they must be visible, and not pretend to be the site or its staff."""

import re
import string
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseForm, CharField
from django.utils.translation import gettext_lazy as _

from people import usernames
from people.lookalikes import fold, variants, words
from people.usernames import INVISIBLE

INVISIBLE_CATEGORIES = {"Cc", "Cf", "Cn", "Co", "Zl", "Zp"}
# Some scripts and emoji need joiners.
JOINERS = "\u200c\u200d"
# The blocks whose unassigned code points Unicode reserves for emoji.
EMOJI = (range(0x1F000, 0x1FB00), range(0x1FC00, 0x1FFFE))
# Flags of regions such as Scotland are a black flag, invisible letters and digits, and an end.
FLAG_BASE = "\U0001f3f4"
FLAG = re.compile(f"{FLAG_BASE}[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{3,6}}\U000e007f")
DIRECTION_MARKS = "\u061c\u200e\u200f"
# Reserved usernames that are also real names. As a whole name they are still refused.
REAL_NAMES = {"demo", "root"}
# Roles in English and German, and a few words of other languages.
ROLES = {
    *("admins", "administration", "administrators", "helpdesk", "hostmaster", "moderation"),
    *("moderators", "postmaster", "superadmin", "superuser", "sysadmin", "sysop", "webadmin"),
    *("webmaster", "betreiber", "dasteam", "kundenbetreuung", "kundendienst", "kundenservice"),
    *("seitenadmin", "verwaltung", "beheerder", "destek", "moderador", "moderateur", "soporte"),
    *("suporte", "yonetici", "διαχειριστης", "админ", "админы", "поддержка", "техподдержка"),
    *("מנהל", "المشرف", "مدير", "管理", "运营", "運営", "客服", "版主", "站长", "サポート"),
    *("관리자", "운영자", "고객센터"),
}
# Short roles that parts of real names form when they are joined, as in "Mo D".
SHORT_ROLES = {"admi", "mod", "mods"}
# A word that begins or ends with one of these is a role, as in "Moderatorin" and "Magpiebot".
STEMS = (
    *("administra", "magpie", "moderator", "betreiber", "verwaltungs", "webmaster", "sysadmin"),
    *("администра", "модера", "管理员", "管理員", "管理者", "管理人", "モデレータ", "관리자"),
)
# These are roles only at the end of a word: "Supporter" is allowed.
ENDS = ("support", "verwaltung")
# Words that go with a role, and are harmless with other words.
FILLERS = {
    *("help", "official", "our", "owner", "security", "service", "site", "staff", "system"),
    *("team", "the", "hilfe", "offiziell", "offizielles", "sicherheit", "unser"),
}


def is_visible(text: str) -> bool:
    """Return whether a text contains a letter, digit, punctuation mark or symbol."""
    return any(_category(char)[0] in "LNPS" for char in set(text) - INVISIBLE)


def _category(char: str) -> str:
    category = unicodedata.category(char)
    # Fonts have emoji that Python does not know yet. All of them will be symbols.
    is_emoji = category == "Cn" and any(ord(char) in block for block in EMOJI)
    return "So" if is_emoji else category


def without_marks_at_end(text: str) -> str:
    """Return a text without the direction marks and spaces at its end, which come with copying."""
    return text.rstrip(DIRECTION_MARKS + string.whitespace)


def validate_visible(name: str) -> None:
    """Refuse blank names, and control and bidirectional characters, which could disguise a name."""
    name = FLAG.sub(FLAG_BASE, name)
    categories = {_category(char) for char in name if char not in JOINERS}
    if INVISIBLE & set(name) or INVISIBLE_CATEGORIES & categories:
        raise ValidationError(_("This name contains an invisible character. Type it again."))
    if name and not is_visible(name):
        raise ValidationError(_("This name has no visible characters."))


class NameField(CharField):
    """A field for a name that people can see."""

    default_validators = [validate_visible]

    def to_python(self, value: Any) -> Any:
        return without_marks_at_end(super().to_python(value) or "")


def validate_not_staff(name: str) -> None:
    """Refuse a name that pretends to be the site or its staff."""
    if passes_for_staff(name):
        raise ValidationError(_("This name is reserved for the people who run this site."))


def validate_full_name(form: BaseForm, is_staff: bool) -> None:
    """Apply `validate_not_staff` to the full name if it was changed, except for the staff."""
    parts = {name: form.cleaned_data.get(name, "") for name in ("first_name", "last_name")}
    if is_staff or not parts.keys() & set(form.changed_data):
        return
    try:
        validate_not_staff(" ".join(parts.values()))
    except ValidationError as error:
        form.add_error("first_name" if parts["first_name"] else "last_name", error)


def passes_for_staff(name: str) -> bool:
    """Return whether a name contains a role or the site's name, or only filler words."""
    roles = _folded({*settings.RESERVED_USERNAMES} - REAL_NAMES | ROLES)
    return any(_is_staff(words(text), roles) for text in variants(name))


def _is_staff(parts: list[str], roles: set[str]) -> bool:
    short, others = _folded(SHORT_ROLES), _folded(REAL_NAMES | FILLERS | SHORT_ROLES)
    folded = [fold(part) for part in parts]
    single = {*folded, *(fold(part.strip(string.digits)) for part in parts)}
    return bool(
        single & short
        or roles & (single | _joined_words(folded, max(map(len, roles))))
        or any(map(_starts_or_ends_with_role, {*single, "".join(folded)}))
        # As in "Site Staff", "siteowner" and "officialadmin".
        or (folded and all(_consists_of(word, others, set()) for word in folded))
        or _consists_of("".join(folded), roles, others)
    )


def _starts_or_ends_with_role(word: str) -> bool:
    stems, ends = tuple(_folded(STEMS)), tuple(_folded(ENDS))
    return word.startswith(stems) or word.endswith((*stems, *ends))


def _consists_of(text: str, roles: set[str], others: set[str]) -> bool:
    """Return whether a text without spaces consists only of these words, with at least one role."""
    # Maps each position where a word can end to whether a role occurs before it.
    ends = {0: False}
    for start in range(len(text)):
        for word in roles | others if start in ends else ():
            if text.startswith(word, start):
                end = start + len(word)
                ends[end] = ends.get(end, False) or ends[start] or word in roles
    return ends.get(len(text), False)


def _folded(listed: Iterable[str]) -> set[str]:
    """Return the listed words folded, as the words of a name are."""
    return set(map(_fold_listed, listed))


@cache
def _fold_listed(word: str) -> str:
    return fold("".join(words(word)))


def _joined_words(parts: list[str], longest: int) -> set[str]:
    """Return all joins of neighbouring words, as in "Mag Pie", up to the length `longest`."""
    joined = set()
    for start in range(len(parts)):
        text = ""
        for word in parts[start:]:
            text += word
            if len(text) > longest:
                break
            joined.add(text)
    return joined


# The setting ACCOUNT_USERNAME_VALIDATORS names this list for the signup form.
username_validators = [*usernames.validators, validate_not_staff]
