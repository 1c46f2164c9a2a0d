"""Read a web page: what it says about itself, and the pictures that it offers."""

import re
from dataclasses import dataclass
from itertools import chain

from images.fetching.addresses import Address
from images.fetching.charsets import decode_page
from images.fetching.linked_data import read_linked_data
from images.fetching.links import Links
from images.fetching.pictures import PagePicture, content, names, page_pictures
from images.fetching.tags import Tag, read_tags

# Images further down are unlikely to be what the page is about.
MAX_PAGE_BYTES = 2 * 1024 * 1024
MAX_START = 64 * 1024
MAX_TEXT = 1000
HTML_TYPE = re.compile(r"\s*(?:text/html|application/xhtml\+xml)\s*(?:;|$)", re.IGNORECASE)
# Bytes that the MIME Sniffing Standard finds only in files that are not texts.
BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
IMAGE = re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|BM....\0\0|RIFF....WEBP|....ftyp", re.DOTALL)
# How a page may start, as in that standard, and a few more tags.
PAGE = re.compile(
    r"""(?: \s++ | <\?xml\b[^>]*+> | <!--(?:-?>|.*?--!?>) )*+
    < (?: !--\s(?!.*?--!?>) | (?: !doctype\s+html
    | html | head | body | meta | title | link | base | script | style | iframe | noscript
    | h[1-6] | div | main | header | section | article | font | center | table
    | a | b | br | p | img | picture | ul | ol | span ) [\s/>] )""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE | re.ASCII,
)
TITLES = ("og:title", "twitter:title")
DESCRIPTIONS = ("og:description", "twitter:description", "description")
AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator")
BEFORE_SITE = re.compile(r"(.*\S)\s*(?:\s[-‐–—:/~]+\s|[|·•»]|::|:\s)\s*([^|·•»]+)$", re.DOTALL)


@dataclass(frozen=True)
class WebPage:
    """What a web page says about itself, each text "" if missing, and the pictures it offers."""

    url: str
    title: str
    description: str
    site_name: str
    author: str
    pictures: list[PagePicture]

    @property
    def pictures_by_url(self) -> dict[str, PagePicture]:
        """Its pictures by their URLs, and by those of the thumbnails that link to them."""
        return {url: each for each in self.pictures for url in (each.fallback_url, each.url)}


def is_web_page(body: bytes, content_type: str = "") -> bool:
    """Return whether a body is a web page, judged by its bytes before its content type."""
    start, charset = decode_page(body[:MAX_START], content_type)
    if HTML_TYPE.match(content_type):
        # Some servers send every file with this type.
        return not IMAGE.match(body)
    is_binary = BINARY.search(body[:512]) and not charset.startswith("utf-16")
    return not is_binary and bool(PAGE.match(start))


def read_page(body: bytes, address: Address, content_type: str = "") -> WebPage:
    """Read the first two megabytes of the page at `address`."""
    text, charset = decode_page(body[:MAX_PAGE_BYTES], content_type)
    tags = read_tags(text)
    scripts = (tag.text for tag in tags if "ld+json" in tag.attributes.get("type", "").lower())
    data = read_linked_data(scripts)
    metas = _meta_texts(tags)
    site_name = _first(metas, ("og:site_name",))
    titles = (tag.text for tag in tags if tag.name == "title" and tag.text.strip())
    title = _first(metas, TITLES) or _without_site(_text(next(titles, "")), site_name, address.host)
    authors = chain((metas[name] for name in AUTHORS if name in metas), map(_text, data.authors))
    return WebPage(
        url=address.url,
        title=title,
        description=_first(metas, DESCRIPTIONS),
        site_name=site_name,
        # Some pages name the author's page instead.
        author=next((author for author in authors if "://" not in author), ""),
        pictures=page_pictures(tags, Links.of(address, tags, charset), data.images),
    )


def _meta_texts(tags: list[Tag]) -> dict[str, str]:
    """Return the first text of each name."""
    texts: dict[str, str] = {}
    for tag in tags:
        text = _text(content(tag)) if tag.name == "meta" else ""
        for name in names(tag, "property", "name", "itemprop") if text else ():
            texts.setdefault(name, text)
    return texts


def _first(texts: dict[str, str], keys: tuple[str, ...]) -> str:
    return next((texts[key] for key in keys if key in texts), "")


def _text(text: str) -> str:
    return " ".join(text[: 10 * MAX_TEXT].split())[:MAX_TEXT]


def _without_site(title: str, site_name: str, host: str) -> str:
    """Return a title without its last words if they are the name of the site."""
    match = BEFORE_SITE.match(title)
    if not match:
        return title
    site = _letters(match[2])
    is_site = site and site in {_letters(site_name), _letters(host), *map(_letters, _labels(host))}
    return match[1].rstrip(" -‐–—:/~|·•»") or title if is_site else title


def _labels(host: str) -> list[str]:
    """Return the labels of a host, and the host without its first label."""
    labels = host.removeprefix("www.").split(".")
    parent = ".".join(labels[1:]) if len(labels) > 2 else ""
    return [*labels[:-1], ".".join(labels), parent]


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())
