"""All URL patterns of the site."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLPattern

ARGUMENT = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")


def url_patterns() -> list[str]:
    """Return each pattern once, as a path with the names of its arguments, such as `<pk>`."""
    return list(dict.fromkeys(_patterns(get_resolver().url_patterns, "/")))


def _patterns(entries: Any, prefix: str) -> Iterator[str]:
    for entry in entries:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield ARGUMENT.sub(r"<\1\2>", pattern).replace("^", "").removesuffix("$")
        else:
            yield from _patterns(entry.url_patterns, pattern)
