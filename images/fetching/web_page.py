"""Find the candidates of a web page: the images that it offers."""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from urllib.parse import urljoin

from django.core.exceptions import ValidationError
from selectolax.lexbor import LexborHTMLParser, LexborNode

from images.fetching.addresses import MAX_LENGTH, Address, has_long_host

# Images further down are unlikely to be what the page is about.
MAX_PAGE_BYTES = 2 * 1024 * 1024
PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title|img)[\s>]", re.IGNORECASE)
# Building the tree of a hostile page can take minutes. These tags alone make a flat document.
HIDDEN = re.compile(rb"(?is)<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1|\Z)")
TAG = re.compile(rb"""(?i)<(?:base|meta|img)\b(?:[^"'<>]|"[^"]*"|'[^']*'){0,2000}+>""")
MAX_TAGS = 1000
# Parsing invalid links takes time, too.
MAX_LINKS = 200
META = (
    "meta[property='og:image'], meta[property='og:image:url'], "
    "meta[property='og:image:secure_url'], "
    "meta[name='twitter:image'], meta[property='twitter:image']"
)
SIZE = re.compile(r"\s*(\d{1,5})")
# The assumed area of an image without a declared size.
DEFAULT_AREA = 300 * 200


def is_web_page(body: bytes) -> bool:
    """Return whether a body is a web page, judged by its bytes and not by its content type."""
    start = body[: 64 * 1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") and not start.startswith(b"<svg") and bool(PAGE.search(start))


def candidate_urls(body: bytes, address: Address) -> Iterator[str]:
    """Yield the URLs of a page's images: first those for previews of the page, then the largest."""
    tags = TAG.finditer(HIDDEN.sub(b"", body[:MAX_PAGE_BYTES]))
    flat = b"".join(tag[0] for tag in islice(tags, MAX_TAGS))
    page = LexborHTMLParser(flat.decode(errors="replace"))
    base = page.css_first("base[href]")
    base_url = _absolute(address.url, (base.attributes["href"] or "") if base else "")
    urls = set()
    for link in [*_meta_images(page), *_largest_first(page)][:MAX_LINKS]:
        url = link.strip() and _absolute(base_url or address.url, link)
        if url and url not in urls:
            urls.add(url)
            yield url


def _absolute(base_url: str, link: str) -> str:
    """Return the absolute URL of `link` on a page with `base_url`, or "" if it is invalid."""
    # Joining two long URLs is slow.
    if len(link) <= MAX_LENGTH and not has_long_host(link.strip()):
        with suppress(ValueError, ValidationError):
            return Address.parse(urljoin(base_url, link.strip())).url
    return ""


def _meta_images(page: LexborHTMLParser) -> Iterator[str]:
    for meta in page.css(META):
        yield meta.attributes.get("content") or ""


def _largest_first(page: LexborHTMLParser) -> list[str]:
    images = [(_area(image), _source(image)) for image in page.css("img")]
    images.sort(key=lambda image: image[0], reverse=True)
    return [source for _, source in images if source]


def _area(image: LexborNode) -> int:
    sizes = [SIZE.match(image.attributes.get(name) or "") for name in ("width", "height")]
    width, height = (int(size[1]) if size else 0 for size in sizes)
    return width * height or max(width, height) ** 2 or DEFAULT_AREA


def _source(image: LexborNode) -> str:
    attributes = image.attributes
    largest = max(_parse_srcset(attributes.get("srcset") or ""), default=(0.0, ""))[1]
    # Pages that load images lazily have the URL in `data-src` until their script moves it.
    return largest or attributes.get("data-src") or attributes.get("src") or ""


def _parse_srcset(srcset: str) -> Iterator[tuple[float, str]]:
    for item in re.split(r",\s+|(?<=[\s.\d]\d[wx]),", srcset):
        url, _, size = item.strip().rpartition(" ")
        with suppress(ValueError):
            yield float(size[:-1]), url
