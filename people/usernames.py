"""Which usernames people may choose: none that breaks a URL or passes for somebody else."""

import unicodedata

from confusable_homoglyphs import categories, confusables
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from people.models import Profile

MAX_LENGTH = 30
PUNCTUATION = "._-"
# Scripts that are written together; these are the "highly restrictive" sets of Unicode TR 39.
SCRIPTS_THAT_MIX = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "HANGUL"},
    {"LATIN", "HAN", "BOPOMOFO"},
)


def validate_length(username: str) -> None:
    if len(username) > MAX_LENGTH:
        raise ValidationError(f"Choose a username of at most {MAX_LENGTH} characters.")


def validate_characters(username: str) -> None:
    """Refuse control and bidirectional characters, spaces, symbols and stacked accents."""
    if username != unicodedata.normalize("NFKC", username) or not all(map(_may_stand, username)):
        raise ValidationError(
            "A username is made of letters and digits, with single dots, hyphens or underscores."
        )


def validate_punctuation(username: str) -> None:
    """Refuse what a URL would swallow, such as `..`, and what reads like another name."""
    after_punctuation = True
    for char in username + ".":
        if after_punctuation and char in PUNCTUATION:
            raise ValidationError(
                "Put dots, hyphens and underscores one at a time, between letters or digits."
            )
        after_punctuation = char in PUNCTUATION


def validate_script(username: str) -> None:
    """Refuse look-alikes that mix scripts, such as a Latin name with a Cyrillic letter in it."""
    scripts = categories.unique_aliases(username) - {"COMMON"}
    if len(scripts) > 1 and not any(scripts <= allowed for allowed in SCRIPTS_THAT_MIX):
        raise ValidationError(
            "This username mixes letters of different alphabets; choose letters of one."
        )


def validate_not_taken(username: str, user: User | None = None) -> None:
    """Refuse a name that a reader could take for that of somebody other than `user`."""
    others = Profile.objects.exclude(user=user) if user and user.pk else Profile.objects
    if others.filter(username_skeleton=skeleton(username)).exists():
        raise ValidationError("Somebody has this username already, or one that looks like it.")


validators = [
    validate_length,
    validate_characters,
    validate_punctuation,
    validate_script,
    validate_not_taken,
]


def skeleton(username: str) -> str:
    """Return a key that names share if a reader could take one for the other.

    Case is folded, and letters of other scripts become the ASCII letter that they look like.
    """
    return "".join(map(_ascii_twin, unicodedata.normalize("NFKC", username).casefold()))


def _may_stand(char: str) -> bool:
    # Marks that belong to a script are letters to its readers; INHERITED ones stack on any.
    is_mark = unicodedata.category(char) in {"Mn", "Mc"} and categories.alias(char) != "INHERITED"
    return char.isalnum() or is_mark or char in PUNCTUATION


def _ascii_twin(char: str) -> str:
    if char.isascii():
        return char
    found = confusables.is_confusable(char, greedy=True, preferred_aliases=[]) or [{}]
    twins = (twin["c"] for twin in found[0].get("homoglyphs", []))
    return next((twin.lower() for twin in twins if twin.isascii() and twin.isalnum()), char)
