"""A link to Magpie that is shared in a messenger shows what Magpie is.

A messenger opens the link without a session, and follows redirects.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from PIL import Image as Picture

from images.models import Image

TAG = re.compile(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)">')
EVERYWHERE = {
    "og:site_name",
    "og:type",
    "og:title",
    "og:description",
    "og:image",
    "og:image:width",
    "og:image:height",
    "og:image:alt",
    "twitter:card",
}

pytestmark = pytest.mark.django_db


def preview(client: Client, path: str, language: str = "en") -> dict[str, str]:
    """Return the tags that a messenger finds at `path`."""
    headers = {"Accept-Language": language}
    return dict(TAG.findall(client.get(path, headers=headers, follow=True).text))


def test_the_landing_page_has_all_tags_and_its_address(client: Client) -> None:
    tags = preview(client, "/")
    assert tags.keys() == EVERYWHERE | {"og:url"}
    assert tags["og:url"] == f"{settings.SITE_URL}/"
    assert "Magpie" in tags["og:title"]
    assert all(tags.values())


def test_the_image_is_at_an_absolute_address_and_as_large_as_the_tags_say(
    client: Client, collected_static: Path
) -> None:
    tags = preview(client, "/")
    address = tags["og:image"]
    prefix = f"{settings.SITE_URL}{settings.STATIC_URL}"
    assert address.startswith(prefix)
    file = collected_static / address.removeprefix(prefix)
    assert file.stat().st_size < 50_000
    with Picture.open(file) as picture:
        size = {"og:image:width": str(picture.width), "og:image:height": str(picture.height)}
    assert size.items() <= tags.items()


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
def test_the_pages_to_sign_in_and_up_have_the_same_preview(client: Client, path: str) -> None:
    tags, landing = preview(client, path), preview(client, "/")
    assert tags == {name: landing[name] for name in EVERYWHERE}


def test_a_link_to_what_is_for_members_shows_the_site_and_nothing_about_the_page(
    client: Client, ana: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(ana, "A secret bird")
    landing = preview(client, "/")
    for path in (image.get_absolute_url(), "/people/ana/", "/images/", "/people/nobody/"):
        tags = preview(client, path)
        # With its address, messengers would link to the landing page instead.
        assert tags == {name: landing[name] for name in EVERYWHERE}
    assert "bird" not in str(tags)


def test_the_preview_is_translated(client: Client) -> None:
    english, german = preview(client, "/"), preview(client, "/", "de")
    for name in ("og:title", "og:description", "og:image:alt"):
        assert english[name] != german[name]


def test_pages_of_members_do_not_send_the_tags(as_ana: Client) -> None:
    assert preview(as_ana, "/images/") == {}
