"""Which usernames people may choose: none that breaks a URL or passes for somebody else."""

import unicodedata

from confusable_homoglyphs import categories, confusables
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.models import Profile

MAX_LENGTH = 30
PUNCTUATION = "._-"
# Letters and marks to Unicode, but nothing to the eye.
INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u2d7f\u3164\uffa0"
)
# Mailboxes of a site by RFC 2142, and the usual ones beside them.
MAILBOXES = {
    *("abuse", "contact", "ftp", "hostmaster", "info", "mailerdaemon", "marketing", "news", "noc"),
    *("noreply", "postmaster", "privacy", "sales", "security", "usenet", "uucp", "webmaster"),
    "www",
}
MAX_MARKS = 4
# Where a mark that goes with any script may sit: above, below, and as an Arabic vowel sign.
POSITIONS = {220, 230, *range(27, 36)}
# Strokes that are letters, and could pass for a hyphen.
STROKES = str.maketrans({"ー": "-", "一": "-"})
# Scripts that are written together; these are the "highly restrictive" sets of Unicode TR 39.
SCRIPTS_THAT_MIX = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "HANGUL"},
    {"LATIN", "HAN", "BOPOMOFO"},
)


def validate_length(username: str) -> None:
    if len(username) > MAX_LENGTH:
        message = _("Choose a username of at most %(length)s characters.")
        raise ValidationError(message, params={"length": MAX_LENGTH})


def validate_characters(username: str) -> None:
    """Refuse control and bidirectional characters, spaces and symbols."""
    if username != unicodedata.normalize("NFKC", username) or not all(map(_may_stand, username)):
        raise ValidationError(
            _("A username is made of letters and digits, with single dots, hyphens or underscores.")
        )


def validate_punctuation(username: str) -> None:
    """Refuse what a URL would swallow, such as `..`, and what reads like another name."""
    after_punctuation = True
    for char in username + ".":
        if after_punctuation and char in PUNCTUATION:
            raise ValidationError(
                _("Put dots, hyphens and underscores one at a time, between letters or digits.")
            )
        after_punctuation = char in PUNCTUATION


def validate_marks(username: str) -> None:
    """Refuse accents and vowel signs that stand on nothing or are heaped up."""
    marks = MAX_MARKS
    for char in username:
        if unicodedata.category(char) in {"Mn", "Mc"}:
            marks += 1
        else:
            marks = MAX_MARKS if char in PUNCTUATION else 0
        if marks > MAX_MARKS:
            raise ValidationError(_("Put accents and vowel signs on letters, a few at the most."))


def validate_script(username: str) -> None:
    """Refuse look-alikes that mix scripts, such as a Latin name with a Cyrillic letter in it."""
    scripts = categories.unique_aliases(username) - {"COMMON", "INHERITED"}
    if len(scripts) > 1 and not any(scripts <= allowed for allowed in SCRIPTS_THAT_MIX):
        raise ValidationError(
            _("This username mixes letters of different alphabets; choose letters of one.")
        )


def validate_path(username: str) -> None:
    """Refuse what cannot stand in a URL, for users of every origin."""
    if "/" in username or username in {"", ".", ".."}:
        raise ValidationError(_("This username cannot stand in an address."))


def validate_not_taken(username: str, user: User | None = None) -> None:
    """Refuse a name that a reader could take for that of somebody other than `user`."""
    others = Profile.objects.exclude(user=user) if user and user.pk else Profile.objects
    if others.filter(username_skeleton=skeleton(username)).exists():
        raise ValidationError(_("Somebody has this username already, or one that looks like it."))


def validate_not_reserved(username: str) -> None:
    """Refuse a name that passes for one of the people who run the site."""
    if skeleton(username) in map(skeleton, settings.RESERVED_USERNAMES):
        raise ValidationError(_("This username is kept free. Choose another."))


def validate_not_a_mailbox(username: str) -> None:
    """Refuse a name that would pass for an address of the site, such as `no-reply`."""
    joined = "".join(char for char in username if char not in PUNCTUATION)
    if skeleton(joined) in map(skeleton, MAILBOXES):
        raise ValidationError(_("This username is kept free. Choose another."))


rules = [
    validate_length,
    validate_characters,
    validate_punctuation,
    validate_marks,
    validate_script,
]
validators = [*rules, validate_not_reserved, validate_not_a_mailbox, validate_not_taken]


def skeleton(username: str) -> str:
    """Return a key that names share if a reader could take one for the other.

    Case is folded, and letters become the first, ASCII ones before others, that look like them.
    """
    folded = unicodedata.normalize("NFKC", username).casefold()
    return "".join(map(_twin, folded)).translate(STROKES)


def _may_stand(char: str) -> bool:
    if char in PUNCTUATION:
        return True
    category, script = unicodedata.category(char), categories.alias(char)
    is_mark = category in {"Mn", "Mc"} and (
        script != "INHERITED" or unicodedata.combining(char) in POSITIONS
    )
    # Modifiers such as U+02CD pass for punctuation; the Japanese length mark is a letter.
    is_modifier = category == "Lm" and script == "COMMON" and char != "ー"
    is_disguise = char in INVISIBLE or "SMALL CAPITAL" in unicodedata.name(char, "")
    return (char.isalnum() or is_mark) and not is_modifier and not is_disguise


def _twin(char: str) -> str:
    if char.isascii():
        return char
    # Letters of one script that are alike are told apart by those who read it.
    script = categories.alias(char)
    twins = [
        twin for twin in _homoglyphs(char) if twin.isascii() or categories.alias(twin) != script
    ]
    return min([char, *twins])


def _homoglyphs(char: str) -> set[str]:
    # Capitals, too: what is typed in them has the same skeleton.
    found = confusables.is_confusable(char + char.upper(), greedy=True, preferred_aliases=[]) or []
    twins = {twin["c"].casefold() for one in found for twin in one["homoglyphs"]}
    return {twin for twin in twins if len(twin) == 1 and twin.isalpha()}
