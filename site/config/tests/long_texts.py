"""Texts that cost most to normalize, split, match, escape, look up or turn into a number."""

WORST = [
    # One becomes 18 letters.
    "\ufdfa",
    # Sorting these takes time quadratic in their number.
    "\u0300\u0316",
    "\u202e\u200f",
    "\0",
    "\N{WOMAN}\u200d\N{GIRL}\u200d",
    "%_*",
    "(a+)+$",
    "9",
    " \t\u3000",
    "\r\n",
    "'<&",
    "a@b.",
    "../",
]
# Of one value, in bytes: less than a whole request may have, and more.
MOST, TOO_MUCH = 900_000, 3_000_000


def long(unit: str, size: int) -> str:
    """Return `unit` as many times as fit into `size` bytes."""
    return unit * (size // len(unit.encode()))
