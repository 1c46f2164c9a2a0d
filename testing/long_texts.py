"""Texts that are costly to normalize, split, match, escape, look up or parse as a number."""

COSTLY_TEXTS = [
    # Normalized, it becomes 18 letters.
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
# Sizes of one value: below and above the limit for a whole request.
ACCEPTED_BYTES, REFUSED_BYTES = 900_000, 3_000_000


def repeated(unit: str, size: int) -> str:
    """Return `unit` as often as it fits into `size` bytes."""
    return unit * (size // len(unit.encode()))
