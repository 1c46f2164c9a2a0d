"""Which names people may show: none that is invisible, or passes for the site or its staff."""

import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from people import usernames
from people.usernames import INVISIBLE, skeleton

INVISIBLE_CATEGORIES = {"Cc", "Cf", "Cn", "Co", "Zl", "Zp"}
# Joiners are part of how some scripts, and some emoji, are written.
JOINERS = "\u200c\u200d"
# Reserved usernames that are also real names; alone they still pass for the staff.
REAL_NAMES = {"demo", "root"}
ROLES = {
    "admins",
    "administration",
    "administrators",
    "helpdesk",
    "moderation",
    "moderators",
    "sysadmin",
    "webmaster",
}
# What stands beside a role, and says nothing alone.
FILLERS = {"help", "official", "our", "security", "service", "site", "staff", "team", "the"}
# Digits and signs that are read as letters; `l` is told from a capital `i` by nobody.
DIGITS = str.maketrans("013457l", "oieasti")
SIGNS = str.maketrans("@$!|", "asii")
DRAWN = re.compile("(?:SMALL CAPITAL|(?:SQUARED|CIRCLED) LATIN .*|INDICATOR .*LETTER) ([A-Z])$")


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
    roles = {_plain(word) for word in {*settings.RESERVED_USERNAMES} - REAL_NAMES | ROLES}
    others = {_plain(word) for word in REAL_NAMES | FILLERS}
    longest = max(map(len, roles))
    for text in (name, name.translate(SIGNS)):
        words = _words(text)
        plain = [_plain(word) for word in words]
        stripped = {_plain(word.strip("0123456789")) for word in words}
        if roles & (stripped | _runs(plain, longest)) or (plain and others >= {*plain}):
            return True
    # As in "MagpieSupport" or "officialadmin".
    return _is_made_of("".join(plain), roles, others)


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


def _words(text: str) -> list[str]:
    """Return the words of a text, in letters without accents; capitals begin a word too."""
    letters = unicodedata.normalize("NFKD", "".join(map(_letter, text)))
    bare = "".join(char for char in letters if unicodedata.category(char)[0] not in "MC")
    parted = re.sub(r"(?<=[^\W\d_])(?<![A-Z])(?=[A-Z])", " ", bare)
    return re.findall(r"[^\W_]+", parted)


def _letter(char: str) -> str:
    """Return the letter that is drawn as a small capital, or in a box, a circle or a flag."""
    drawn = DRAWN.search("" if char.isascii() else unicodedata.name(char, ""))
    return drawn[1] if drawn else char


def _runs(words: list[str], longest: int) -> set[str]:
    """Return what words next to each other make when they are joined, as in "Mag Pie"."""
    runs = set()
    for start in range(len(words)):
        run = ""
        for word in words[start:]:
            run += word
            if len(run) > longest:
                break
            runs.add(run)
    return runs


def _plain(word: str) -> str:
    """Return a word as it is read: letters that look alike are the same."""
    return skeleton(word).translate(DIGITS).replace("rn", "m").replace("vv", "w")


# What a username has to pass on signing up, by the setting ACCOUNT_USERNAME_VALIDATORS.
username_validators = [*usernames.validators, validate_not_staff]
