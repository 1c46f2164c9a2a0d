"""Rules for usernames: they must work in a URL, and not look like someone else's."""

import unicodedata

from confusable_homoglyphs import categories, confusables
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.models import Profile

MAX_LENGTH = 30
PUNCTUATION = "._-"
# Letters and marks in Unicode that are invisible.
INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u2d7f\u3164\uffa0"
)
# The mailboxes of a site in RFC 2142, and other usual ones.
MAILBOXES = {
    *("abuse", "contact", "ftp", "hostmaster", "info", "mailerdaemon", "marketing", "news", "noc"),
    *("noreply", "postmaster", "privacy", "sales", "security", "usenet", "uucp", "webmaster"),
    "www",
}
MAX_MARKS = 4
# Combining classes allowed for marks of no script: below, above, and Arabic vowel signs.
POSITIONS = {220, 230, *range(27, 36)}
# Letters that look like a hyphen.
STROKES = str.maketrans({"ー": "-", "一": "-"})
# Scripts that may be mixed: the "highly restrictive" sets of Unicode TR 39.
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
    if username != unicodedata.normalize("NFKC", username) or not all(map(_is_allowed, username)):
        raise ValidationError(
            _("Use only letters and digits, with single dots, hyphens or underscores between them.")
        )


def validate_punctuation(username: str) -> None:
    """Refuse punctuation at either end or in a row, such as `..`, which a URL would drop."""
    after_punctuation = True
    for char in username + ".":
        if after_punctuation and char in PUNCTUATION:
            raise ValidationError(
                _("Use dots, hyphens and underscores one at a time, between letters or digits.")
            )
        after_punctuation = char in PUNCTUATION


def validate_marks(username: str) -> None:
    """Refuse accents and vowel signs without a letter, and too many on one letter."""
    marks = MAX_MARKS
    for char in username:
        if unicodedata.category(char) in {"Mn", "Mc"}:
            marks += 1
        else:
            marks = MAX_MARKS if char in PUNCTUATION else 0
        if marks > MAX_MARKS:
            raise ValidationError(_("Use accents and vowel signs on letters, a few on each."))


def validate_script(username: str) -> None:
    """Refuse look-alikes that mix scripts, such as a Latin name with a Cyrillic letter in it."""
    scripts = categories.unique_aliases(username) - {"COMMON", "INHERITED"}
    if len(scripts) > 1 and not any(scripts <= allowed for allowed in SCRIPTS_THAT_MIX):
        raise ValidationError(
            _("This username mixes letters of different alphabets. Use letters of one alphabet.")
        )


def validate_path(username: str) -> None:
    """Refuse a username that cannot be a part of a URL, also for users made by a script."""
    if "/" in username or username in {"", ".", ".."}:
        raise ValidationError(_("This username cannot be part of a web address."))


def validate_not_taken(username: str, user: User | None = None) -> None:
    """Refuse a username that looks like that of anyone other than `user`."""
    others = Profile.objects.exclude(user=user) if user and user.pk else Profile.objects
    if others.filter(username_skeleton=skeleton(username)).exists():
        raise ValidationError(_("This username, or one that looks like it, is already taken."))


def validate_not_reserved(username: str) -> None:
    """Refuse a username that pretends to be one of the staff."""
    if skeleton(username) in map(skeleton, settings.RESERVED_USERNAMES):
        raise ValidationError(_("This username is reserved. Choose another."))


def validate_not_a_mailbox(username: str) -> None:
    """Refuse a username that pretends to be a mailbox of the site, such as `no-reply`."""
    joined = "".join(char for char in username if char not in PUNCTUATION)
    if skeleton(joined) in map(skeleton, MAILBOXES):
        raise ValidationError(_("This username is reserved. Choose another."))


rules = [
    validate_length,
    validate_characters,
    validate_punctuation,
    validate_marks,
    validate_script,
]
validators = [*rules, validate_not_reserved, validate_not_a_mailbox, validate_not_taken]


def skeleton(username: str) -> str:
    """Return a key that usernames share if they look alike.

    Case is folded, and each letter is replaced by the first letter that looks like it, ASCII first.
    """
    folded = unicodedata.normalize("NFKC", username).casefold()
    return "".join(map(_first_lookalike, folded)).translate(STROKES)


def _is_allowed(char: str) -> bool:
    if char in PUNCTUATION:
        return True
    category, script = unicodedata.category(char), categories.alias(char)
    is_mark = category in {"Mn", "Mc"} and (
        script != "INHERITED" or unicodedata.combining(char) in POSITIONS
    )
    # Modifiers such as U+02CD look like punctuation. The Japanese length mark is a letter.
    is_modifier = category == "Lm" and script == "COMMON" and char != "ー"
    is_disguise = char in INVISIBLE or "SMALL CAPITAL" in unicodedata.name(char, "")
    return (char.isalnum() or is_mark) and not is_modifier and not is_disguise


def _first_lookalike(char: str) -> str:
    if char.isascii():
        return char
    # People who read a script can distinguish its own letters, even similar ones.
    script = categories.alias(char)
    lookalikes = [
        other for other in _homoglyphs(char) if other.isascii() or categories.alias(other) != script
    ]
    return min([char, *lookalikes])


def _homoglyphs(char: str) -> set[str]:
    # Include those of the capital, which has the same skeleton.
    found = confusables.is_confusable(char + char.upper(), greedy=True, preferred_aliases=[]) or []
    glyphs = {glyph["c"].casefold() for match in found for glyph in match["homoglyphs"]}
    return {glyph for glyph in glyphs if len(glyph) == 1 and glyph.isalpha()}
