"""How a name is read: letters that look alike are the same letter, whatever their script."""

import re
import unicodedata
from itertools import pairwise

from people.usernames import skeleton

# A letter with a stroke or a hook, turned, or drawn as a small capital, in a box or as a flag.
DRAWN = re.compile(
    "(?:LATIN (?:SMALL|CAPITAL) LETTER|LATIN LETTER SMALL CAPITAL"
    "|(?:[A-Z ]+ )?(?:SQUARED|CIRCLED) LATIN|REGIONAL INDICATOR SYMBOL LETTER)"
    "(?: [A-Z]+)*? ([A-Z])(?: WITH .*| BAR)?$"
)
ROUND = re.compile("(?!COMBINING ).*(?:CIRCLE|BULLSEYE|RING OPERATOR|DEGREE SIGN)$")
# Letters whose names don't tell, and which are read so by those who read Latin alone: Latin,
# Greek and Cyrillic ones, then those of Cherokee and Canadian syllabics.
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
# Digits and signs that are read as letters; `l` is told from a capital `i` by nobody.
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
# A nine is a `p` or a `g`, a six is a `g`.
NINES = ({ord("9"): "p", ord("6"): "g"}, {ord("9"): "g", ord("6"): "g"})


def readings(name: str) -> set[str]:
    """Return a name as it stands, where signs part words, and with signs for letters."""
    signed = "".join(map(_round, name.translate(SIGNS)))
    return {name, signed, *(signed.translate(nine) for nine in NINES)}


def words(text: str) -> list[str]:
    """Return the words of a text, in letters without accents; capitals begin a word too."""
    letters = "".join(map(_letter, unicodedata.normalize("NFKD", text)))
    bare = "".join(char for char in letters if unicodedata.category(char)[0] not in "MC")
    parted = "".join(
        f"{char} " if char.isalpha() and not char.isupper() and after.isupper() else char
        for char, after in pairwise(bare + " ")
    )
    return re.findall(r"[^\W_]+", parted)


def plain(word: str) -> str:
    """Return a word as it is read: letters that look alike are the same."""
    read = skeleton(word).replace("cl", "d").translate(DIGITS)
    return read.replace("rn", "m").replace("vv", "w")


def _letter(char: str) -> str:
    """Return the letter that another one, which isn't plain, is read as; keep its case."""
    if char.isascii():
        return char
    drawn = DRAWN.match(unicodedata.name(char, ""))
    letter = LETTERS.get(char) or (drawn[1] if drawn else char)
    return letter.upper() if char.isupper() else letter.lower()


def _round(char: str) -> str:
    return "o" if not char.isascii() and ROUND.match(unicodedata.name(char, "")) else char
