"""The images that a web page names."""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from urllib.parse import urljoin

from django.core.exceptions import ValidationError
from selectolax.lexbor import LexborHTMLParser, LexborNode

from images.fetching.addresses import MAX_LENGTH, Address, has_long_host

# What is further down is hardly what the page is about.
MAX_PAGE_BYTES = 2 * 1024 * 1024
PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title|img)[\s>]", re.IGNORECASE)
# Growing the tree of a hostile page can take minutes; these tags alone stand side by side.
HIDDEN = re.compile(rb"(?is)<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1|\Z)")
TAG = re.compile(rb"""(?i)<(?:base|meta|img)\b(?:[^"'<>]|"[^"]*"|'[^']*'){0,2000}+>""")
MAX_TAGS = 1000
# Those that lead nowhere take time, too.
MAX_NAMES = 200
META = (
    "meta[property='og:image'], meta[property='og:image:url'], "
    "meta[property='og:image:secure_url'], "
    "meta[name='twitter:image'], meta[property='twitter:image']"
)
SIZE = re.compile(r"\s*(\d{1,5})")
# For images of which the page does not say how large they are.
USUAL_AREA = 300 * 200


def is_web_page(body: bytes) -> bool:
    """Say whether these bytes are a web page, whatever they were sent as."""
    start = body[: 64 * 1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") and not start.startswith(b"<svg") and bool(PAGE.search(start))


def named_images(body: bytes, address: Address) -> Iterator[str]:
    """Yield the addresses of a page's images: those that stand for it, then the largest ones."""
    tags = TAG.finditer(HIDDEN.sub(b"", body[:MAX_PAGE_BYTES]))
    flat = b"".join(tag[0] for tag in islice(tags, MAX_TAGS))
    page = LexborHTMLParser(flat.decode(errors="replace"))
    base = page.css_first("base[href]")
    home = _joined(address.url, (base.attributes["href"] or "") if base else "") or address.url
    urls = set()
    for name in [*_representatives(page), *_largest_first(page)][:MAX_NAMES]:
        url = name.strip() and _joined(home, name)
        if url and url not in urls:
            urls.add(url)
            yield url


def _joined(home: str, name: str) -> str:
    """Return the address that `name` has on a page at `home`, empty where it has none."""
    # Joining takes long where both are long.
    if len(name) <= MAX_LENGTH and not has_long_host(name.strip()):
        with suppress(ValueError, ValidationError):
            return Address.parse(urljoin(home, name.strip())).url
    return ""


def _representatives(page: LexborHTMLParser) -> Iterator[str]:
    for meta in page.css(META):
        yield meta.attributes.get("content") or ""


def _largest_first(page: LexborHTMLParser) -> list[str]:
    images = [(_area(image), _source(image)) for image in page.css("img")]
    images.sort(key=lambda image: image[0], reverse=True)
    return [source for _, source in images if source]


def _area(image: LexborNode) -> int:
    sizes = [SIZE.match(image.attributes.get(name) or "") for name in ("width", "height")]
    width, height = (int(size[1]) if size else 0 for size in sizes)
    return width * height or max(width, height) ** 2 or USUAL_AREA


def _source(image: LexborNode) -> str:
    attributes = image.attributes
    largest = max(_candidates(attributes.get("srcset") or ""), default=(0.0, ""))[1]
    # Some pages put the address elsewhere until their script moves it.
    return largest or attributes.get("data-src") or attributes.get("src") or ""


def _candidates(srcset: str) -> Iterator[tuple[float, str]]:
    for candidate in re.split(r",\s+|(?<=[\s.\d]\d[wx]),", srcset):
        url, _, size = candidate.strip().rpartition(" ")
        with suppress(ValueError):
            yield float(size[:-1]), url
