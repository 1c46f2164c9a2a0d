"""Every response names its content type, and every text its charset."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from testing.url_patterns import url_patterns

TEXTS = ("text/", "image/svg+xml")


@pytest.mark.django_db
def test_every_response_names_its_content_type_and_charset(
    sessions: dict[str, str], path: Callable[[str], str]
) -> None:
    client = Client()
    client.cookies["sessionid"] = sessions["staff"]
    kinds = set()
    for url in [*map(path, url_patterns()), "/nowhere/", "/stream/?before=x"]:
        response = client.get(url)
        kind = response.get("Content-Type", "")
        kinds.add(kind)
        body = response.getvalue()
        assert kind or not body, url
        assert re.search('charset="?utf-8', kind) or not kind.startswith(TEXTS), url
    assert {"text/html; charset=utf-8", "text/plain; charset=utf-8", "image/webp"} <= kinds
