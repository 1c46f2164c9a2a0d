"""Reduce a name to what people read: letters that look alike become one Latin letter."""

import re
import unicodedata
from itertools import pairwise

from people.usernames import skeleton

# Unicode names of variants of a Latin letter: with a stroke or a hook, turned, as a small capital,
# in a box or as a flag.
VARIANT = re.compile(
    "(?:LATIN (?:SMALL|CAPITAL) LETTER|LATIN LETTER SMALL CAPITAL"
    "|(?:[A-Z ]+ )?(?:SQUARED|CIRCLED) LATIN|REGIONAL INDICATOR SYMBOL LETTER)"
    "(?: [A-Z]+)*? ([A-Z])(?: WITH .*| BAR)?$"
)
ROUND = re.compile("(?!COMBINING ).*(?:CIRCLE|BULLSEYE|RING OPERATOR|DEGREE SIGN)$")
# Letters whose Unicode names do not contain the Latin letter that they look like: Latin, Greek and
# Cyrillic ones, then Cherokee and Canadian syllabics.
LETTERS = {
    **dict.fromkeys("ÆæɅʌⲀⲁΛλΔδᏗᗩᗅ", "a"),
    **dict.fromkeys("ᗷ", "b"),
    **dict.fromkeys("ᑕ", "c"),
    **dict.fromkeys("ðÐᎴᗪ", "d"),
    **dict.fromkeys("ƏəεΣᏋᗴᕮ", "e"),
    **dict.fromkeys("ᎶᘜᏀ", "g"),
    **dict.fromkeys("ɩιᏆᎥ", "i"),
    **dict.fromkeys("κ", "k"),
    **dict.fromkeys("ᏞᒪᏝ", "l"),
    **dict.fromkeys("Ꮇᗰᙏ", "m"),
    **dict.fromkeys("ŋŊηΠπИиᏁᑎ", "n"),
    **dict.fromkeys("Ꭷ", "o"),
    **dict.fromkeys("Ꭾᑭ", "p"),
    **dict.fromkeys("ЯяᏒᖇ", "r"),
    **dict.fromkeys("ᏕᔕᏚ", "s"),
    **dict.fromkeys("τᏖ", "t"),
    **dict.fromkeys("ʊʋμυᏌᏬᑌ", "u"),
    **dict.fromkeys("νᐯ", "v"),
    **dict.fromkeys("ω", "w"),
}
# Digits and signs that look like letters. A small `l` looks like a capital `i`.
DIGITS = str.maketrans("0134578l", "oieastbi")
SIGNS = str.maketrans(
    dict.fromkeys("@∂∆∀₳", "a")
    | dict.fromkeys("¢©₵", "c")
    | dict.fromkeys("€℮", "e")
    | dict.fromkeys("!|¦¡", "i")
    | dict.fromkeys("£ℓ", "l")
    | dict.fromkeys("₦∩", "n")
    | dict.fromkeys("$§₴", "s")
    | dict.fromkeys("+†₮", "t")
    | {"₥": "m", "⊙": "o", "◉": "o", "☉": "o", "₱": "p", "®": "r", "∪": "u", "₲": "g"}
)
# A nine looks like a `p` or a `g`, a six like a `g`.
SIXES_AND_NINES = ({ord("9"): "p", ord("6"): "g"}, {ord("9"): "g", ord("6"): "g"})


def variants(name: str) -> set[str]:
    """Return a name as typed, where signs separate words, and with its signs read as letters."""
    replaced = "".join(map(_replace_circle, name.translate(SIGNS)))
    return {name, replaced, *(replaced.translate(digits) for digits in SIXES_AND_NINES)}


def words(text: str) -> list[str]:
    """Return the words of a text without accents. A capital after a small letter begins a word."""
    letters = "".join(map(_letter, unicodedata.normalize("NFKD", text)))
    bare = "".join(char for char in letters if unicodedata.category(char)[0] not in "MC")
    separated = "".join(
        f"{char} " if char.isalpha() and not char.isupper() and after.isupper() else char
        for char, after in pairwise(bare + " ")
    )
    return re.findall(r"[^\W_]+", separated)


def fold(word: str) -> str:
    """Return a key that words share if they look alike."""
    folded = skeleton(word).replace("cl", "d").translate(DIGITS)
    return folded.replace("rn", "m").replace("vv", "w")


def _letter(char: str) -> str:
    """Return the Latin letter that `char` looks like, in the same case, or else `char`."""
    if char.isascii():
        return char
    variant = VARIANT.match(unicodedata.name(char, ""))
    letter = LETTERS.get(char) or (variant[1] if variant else char)
    return letter.upper() if char.isupper() else letter.lower()


def _replace_circle(char: str) -> str:
    return "o" if not char.isascii() and ROUND.match(unicodedata.name(char, "")) else char
