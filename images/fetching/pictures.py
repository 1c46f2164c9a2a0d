"""Find the pictures that a web page offers: first those it names for previews, then the largest."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from images.fetching.links import Links
from images.fetching.srcset import largest_first
from images.fetching.tags import Tag

# Parsing invalid links takes time, too.
MAX_PICTURES = 200
MAX_ALT = 500
# The properties that name a picture, and the one that describes it, in the order of preference.
LEADS: list[tuple[set[str], str]] = [
    ({"og:image", "og:image:url", "og:image:secure_url"}, "og:image:alt"),
    ({"twitter:image", "twitter:image:src"}, "twitter:image:alt"),
]
OTHER_LEADS = {"image", "thumbnail", "thumbnailurl", "primaryimageofpage", "contenturl"}
# The attribute with the URL of each tag that shows a picture.
SHOWING = {
    "img": "src",
    "amp-img": "src",
    "input": "src",
    "image": "href",
    "object": "data",
    "video": "poster",
}
# Scripts that load images lazily read their URL from attributes such as `data-lazy-src`.
LAZY = re.compile(r"data-.*(?:src|orig|lazy|image|img|full|large|zoom|media)|lazy-?src$")
NOT_LAZY = re.compile("placeholder|fallback|error|thumb|small|low|preview|blur|hover|sizes|srcset")
PICTURE_NAME = re.compile(r"\.(?:jpe?g|jfif|png|webp|gif|avif|heic)(?:[?#]|$)", re.IGNORECASE)
# Those whose value is an image, whatever it looks like.
USUAL = ("data-src", "data-lazy-src", "data-original", "data-lazy")
SIZE = re.compile(r"\s*(\d{1,5})", re.ASCII)
# The assumed area of an image without a declared size.
DEFAULT_AREA = 300 * 200
# How much larger the image behind a thumbnail is assumed to be.
BEHIND_THUMBNAIL = 9


class PagePicture(NamedTuple):
    """A picture of a page, with the text that describes it there."""

    url: str
    alt: str = ""
    # The thumbnail that links to it, for a link that does not lead to an image.
    fallback_url: str = ""


@dataclass
class Shown:
    """A tag that shows a picture, with the link and the `<picture>` around it."""

    tag: Tag
    link: str = ""
    sources: list[Tag] = field(default_factory=list)

    @property
    def area(self) -> int:
        """The declared area, that of a square if only one side is declared."""
        sizes = [SIZE.match(self.tag.attributes.get(name, "")) for name in ("width", "height")]
        width, height = (int(size[1]) if size else 0 for size in sizes)
        area = width * height or max(width, height) ** 2 or DEFAULT_AREA
        return area * BEHIND_THUMBNAIL if self.link else area

    def choices(self) -> Iterator[str]:
        """Yield links to the picture, the best first."""
        attributes = self.tag.attributes
        sets = [value for name, value in attributes.items() if name.endswith("srcset")]
        rare = [tag for tag in self.sources if "avif" in tag.attributes.get("type", "")]
        common = [tag for tag in self.sources if tag not in rare]
        yield from largest_first([*sets, *map(_srcset, common)])
        yield from largest_first(map(_srcset, rare))
        yield from (attributes[name] for name in USUAL if name in attributes)
        for name, value in attributes.items():
            if LAZY.match(name) and not NOT_LAZY.search(name) and PICTURE_NAME.search(value):
                yield value
        yield attributes.get(SHOWING.get(self.tag.name, ""), "")
        yield attributes.get("xlink:href", "")
        if self.tag.name == "image":
            # Outside of drawings, browsers read this as `img`.
            yield attributes.get("src", "")


def page_pictures(tags: list[Tag], links: Links, linked_data: list[str]) -> list[PagePicture]:
    """Return the pictures of a page. Those that it names for previews come first."""
    found: dict[str, PagePicture] = {}
    shown = sorted(_shown(tags), key=lambda each: each.area, reverse=True)
    named = [PagePicture(links.absolute(link), alt) for link, alt in _named(tags, linked_data)]
    for picture in [*named, *(_picture(each, links) for each in shown[:MAX_PICTURES])]:
        if picture.url:
            # The image may describe a picture that the head only names.
            known = found.setdefault(picture.url, picture)
            found[picture.url] = known if known.alt else known._replace(alt=picture.alt)
    return [*found.values()]


def names(tag: Tag, *attributes: str) -> set[str]:
    """Return the names that a tag has in these attributes, in lower case."""
    return {name for key in attributes for name in tag.attributes.get(key, "").lower().split()}


def content(tag: Tag) -> str:
    """Return the value of a `meta` tag. Some pages give it in the wrong attribute."""
    return tag.attributes.get("content") or tag.attributes.get("value", "")


def _named(tags: list[Tag], linked_data: list[str]) -> list[tuple[str, str]]:
    """Return links to the pictures that a page names for previews of it, with their texts."""
    metas = [(names(tag, "property", "name"), tag) for tag in tags if tag.name == "meta"]
    found: list[tuple[str, str]] = []
    for keys, alt in LEADS:
        # Pages that name several images describe the first one.
        text = next(iter(_contents(metas, {alt})), "")
        found.extend((link, _text(text)) for link in _contents(metas, keys))
    links = [tag for tag in tags if tag.name == "link" and "image_src" in names(tag, "rel")]
    items = [tag for tag in tags if names(tag, "itemprop") & OTHER_LEADS]
    rest = [
        *(tag.attributes.get("href", "") for tag in links),
        *linked_data,
        *(link for tag in items for link in _item_links(tag)),
        *_contents(metas, OTHER_LEADS),
    ]
    return [*found, *((link, "") for link in rest)][:MAX_PICTURES]


def _contents(metas: list[tuple[set[str], Tag]], keys: set[str]) -> list[str]:
    return [content(tag) for meta, tag in metas if meta & keys]


def _item_links(tag: Tag) -> list[str]:
    found = [tag.attributes[name] for name in ("content", "href", "src") if name in tag.attributes]
    return found[:1]


def _shown(tags: Iterable[Tag]) -> Iterator[Shown]:
    link, sources = "", []
    for tag in tags:
        if tag.name == "a":
            href = tag.attributes.get("href", "")
            link = href if PICTURE_NAME.search(href) else ""
        elif tag.name == "/a":
            link = ""
        elif tag.name == "source":
            sources.append(tag)
        elif tag.name in SHOWING:
            yield Shown(tag, link, sources)
            sources = []
        elif tag.name in {"picture", "/picture"}:
            if sources:
                yield Shown(sources[0], link, sources)
            sources = []


def _picture(shown: Shown, links: Links) -> PagePicture:
    urls = (url for choice in shown.choices() if (url := links.absolute(choice)))
    url = next(urls, "")
    alt = _text(shown.tag.attributes.get("alt", ""))
    if behind := links.absolute(shown.link):
        return PagePicture(behind, alt, url)
    return PagePicture(url, alt)


def _srcset(tag: Tag) -> str:
    return tag.attributes.get("srcset") or tag.attributes.get("data-srcset", "")


def _text(text: str) -> str:
    return " ".join(text.split())[:MAX_ALT]
