"""Choose the largest of the images in a `srcset`."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

# As in the HTML standard: URLs may contain commas, but do not end with one.
ITEM = re.compile(r"[\s,]*+(?P<url>\S++)(?P<size>[^,(]*+(?:\([^)]*+\)?[^,(]*+)*+)")
SIZE = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)([wx])\s*$", re.ASCII)
MAX_ITEMS, MAX_ITEM_LENGTH = 30, 4000


class Source(NamedTuple):
    """An image with its width in pixels, or else its density."""

    width: float
    density: float
    url: str


def largest_first(srcsets: Iterable[str]) -> list[str]:
    """Return the URLs in several `srcset` attributes, the largest image first."""
    sources = [source for srcset in srcsets for source in islice(_parsed(srcset), MAX_ITEMS)]
    sources.sort(key=lambda source: source[:2], reverse=True)
    return [source.url for source in sources]


def _parsed(srcset: str) -> Iterator[Source]:
    position = 0
    while match := ITEM.match(srcset, position, position + MAX_ITEM_LENGTH):
        url = match["url"].rstrip(",")
        has_size = url == match["url"]
        position = match.end() if has_size else match.end("url")
        size = SIZE.match(match["size"]) if has_size else None
        number, unit = (float(size[1]), size[2]) if size else (1.0, "x")
        yield Source(number * (unit == "w"), number * (unit == "x"), url)
