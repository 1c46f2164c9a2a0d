"""Read what a web page says about itself in JSON-LD."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

# Scripts with more than this are data, and not a description of the page.
MAX_LENGTH, MAX_SCRIPTS = 200_000, 10
MAX_NODES = 500
# What surrounds the page, and not what it is about.
OTHERS = {"Organization", "NewsMediaOrganization", "Person", "WebSite", "BreadcrumbList", "Brand"}
PARTS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")
IMAGES = ("image", "primaryImageOfPage", "associatedMedia", "thumbnailUrl", "thumbnail")


class LinkedData(NamedTuple):
    """The images and authors that scripts name, in their order."""

    images: list[str]
    authors: list[str]


def read_linked_data(scripts: Iterable[str]) -> LinkedData:
    """Read the images and authors that scripts of the type `application/ld+json` name."""
    short = (script for script in scripts if len(script) <= MAX_LENGTH)
    roots = [_loaded(script) for script in islice(short, MAX_SCRIPTS)]
    data = LinkedData([], [])
    for node in islice(_nodes(roots), MAX_NODES):
        for key in IMAGES:
            data.images.extend(_texts(node.get(key), "contentUrl", "url"))
        if "ImageObject" in _types(node):
            data.images.extend(_texts(node, "contentUrl", "url"))
        for key in ("author", "creator"):
            data.authors.extend(_texts(node.get(key), "name"))
    return data


def _loaded(script: str) -> Any:
    # Some scripts are wrapped in comments or CDATA.
    start = min((place for char in "{[" if (place := script.find(char)) >= 0), default=0)
    # The first bracket may be that of CDATA.
    start = script.find("{") if script.startswith("[CDATA[", start) else start
    with suppress(ValueError, RecursionError):
        return json.JSONDecoder(strict=False).raw_decode(script, max(start, 0))[0]
    return None


def _nodes(roots: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield what the page is about, in the order of the page."""
    waiting = [*reversed(roots)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node[:MAX_NODES]))
        elif isinstance(node, dict) and not OTHERS & _types(node):
            yield node
            waiting.extend(node[part] for part in reversed(PARTS) if part in node)


def _types(node: dict[str, Any]) -> set[str]:
    types = node.get("@type")
    return {name for name in (types if isinstance(types, list) else [types]) if type(name) is str}


def _texts(value: Any, *keys: str) -> Iterator[str]:
    """Yield a text, or the texts of a list, or the first of the named texts of a dictionary."""
    for each in value[:MAX_NODES] if isinstance(value, list) else [value]:
        texts = [each, *(each.get(key) for key in keys)] if isinstance(each, dict) else [each]
        found = [text for text in texts if isinstance(text, str) and text][:1]
        # Scripts that shorten texts may leave half of an emoji.
        yield from (text.encode(errors="ignore").decode() for text in found)
