"""Which names people may show: none that is invisible, or passes for the site or its staff."""

import string
import unicodedata
from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from people import usernames
from people.lookalikes import plain, readings, words
from people.usernames import INVISIBLE

INVISIBLE_CATEGORIES = {"Cc", "Cf", "Cn", "Co", "Zl", "Zp"}
# Joiners are part of how some scripts, and some emoji, are written.
JOINERS = "\u200c\u200d"
# Reserved usernames that are also real names; alone they still pass for the staff.
REAL_NAMES = {"demo", "root"}
# Roles are told in English, German, and a few words each of other languages.
ROLES = {
    *("admins", "administration", "administrators", "helpdesk", "hostmaster", "moderation"),
    *("moderators", "postmaster", "superadmin", "superuser", "sysadmin", "sysop", "webadmin"),
    *("webmaster", "betreiber", "dasteam", "kundenbetreuung", "kundendienst", "kundenservice"),
    *("seitenadmin", "verwaltung", "beheerder", "destek", "moderador", "moderateur", "soporte"),
    *("suporte", "yonetici", "διαχειριστης", "админ", "админы", "поддержка", "техподдержка"),
    *("מנהל", "المشرف", "مدير", "管理", "运营", "運営", "客服", "版主", "站长", "サポート"),
    *("관리자", "운영자", "고객센터"),
}
# Short roles, which parts of real names make when they are joined, as in "Mo D".
SHORT_ROLES = {"admi", "mod", "mods"}
# A word that begins or ends with one of these is a role, as in "Moderatorin" and "Magpiebot".
STEMS = (
    *("administra", "magpie", "moderator", "betreiber", "verwaltungs", "webmaster", "sysadmin"),
    *("администра", "модера", "管理员", "管理員", "管理者", "管理人", "モデレータ", "관리자"),
)
# These are roles at the end of a word alone: a supporter is none.
ENDS = ("support", "verwaltung")
# What stands beside a role, and says nothing alone.
FILLERS = {
    *("help", "official", "our", "owner", "security", "service", "site", "staff", "system"),
    *("team", "the", "hilfe", "offiziell", "offizielles", "sicherheit", "unser"),
}


def is_visible(text: str) -> bool:
    """Say whether there is a letter, digit, sign or symbol in a text."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in set(text) - INVISIBLE)


def validate_visible(name: str) -> None:
    """Refuse control and bidirectional characters, which could disguise a name, and blank names."""
    categories = {char: unicodedata.category(char) for char in name if char not in JOINERS}
    if INVISIBLE & set(name) or INVISIBLE_CATEGORIES & set(categories.values()):
        raise ValidationError(_("There is an invisible character in this name. Type it anew."))
    if name and not is_visible(name):
        raise ValidationError(_("This name has no visible characters."))


def validate_not_staff(name: str) -> None:
    """Refuse a name that pretends to be of the staff, or the site itself."""
    if passes_for_staff(name):
        raise ValidationError(_("This name is reserved for the people who run this site."))


def validate_full_name(form: BaseForm, is_staff: bool) -> None:
    """Refuse such a first and last name together, if either was changed, except to the staff."""
    parts = {name: form.cleaned_data.get(name, "") for name in ("first_name", "last_name")}
    if is_staff or not parts.keys() & set(form.changed_data):
        return
    try:
        validate_not_staff(" ".join(parts.values()))
    except ValidationError as error:
        form.add_error("first_name" if parts["first_name"] else "last_name", error)


def passes_for_staff(name: str) -> bool:
    """Say whether a word of a name is a role or the site, or all of it speaks of nothing else."""
    roles = _read({*settings.RESERVED_USERNAMES} - REAL_NAMES | ROLES)
    return any(_is_staff(words(text), roles) for text in readings(name))


def _is_staff(parts: list[str], roles: set[str]) -> bool:
    short, others = _read(SHORT_ROLES), _read(REAL_NAMES | FILLERS | SHORT_ROLES)
    read = [plain(part) for part in parts]
    alone = {*read, *(plain(part.strip(string.digits)) for part in parts)}
    return bool(
        alone & short
        or roles & (alone | _runs(read, max(map(len, roles))))
        or any(map(_has_role_at_an_end, {*alone, "".join(read)}))
        # As in "Site Staff", "siteowner" and "officialadmin".
        or (read and all(_is_made_of(word, others, set()) for word in read))
        or _is_made_of("".join(read), roles, others)
    )


def _has_role_at_an_end(word: str) -> bool:
    stems, ends = tuple(_read(STEMS)), tuple(_read(ENDS))
    return word.startswith(stems) or word.endswith((*stems, *ends))


def _is_made_of(text: str, roles: set[str], others: set[str]) -> bool:
    """Say whether a text without spaces is these words and no others, among them a role."""
    # Where words may end, and whether there is a role up to there.
    ends = {0: False}
    for start in range(len(text)):
        for word in roles | others if start in ends else ():
            if text.startswith(word, start):
                end = start + len(word)
                ends[end] = ends.get(end, False) or ends[start] or word in roles
    return ends.get(len(text), False)


def _read(listed: Iterable[str]) -> set[str]:
    """Return words of our own as they are read, to compare names with."""
    return set(map(_as_read, listed))


@cache
def _as_read(word: str) -> str:
    return plain("".join(words(word)))


def _runs(parts: list[str], longest: int) -> set[str]:
    """Return what words next to each other make when they are joined, as in "Mag Pie"."""
    runs = set()
    for start in range(len(parts)):
        run = ""
        for word in parts[start:]:
            run += word
            if len(run) > longest:
                break
            runs.add(run)
    return runs


# What a username has to pass on signing up, by the setting ACCOUNT_USERNAME_VALIDATORS.
username_validators = [*usernames.validators, validate_not_staff]
