"""Without style and scripts, a page says only what is true, and everything to press has a name."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from images.models import Image
from testing.markup import has
from testing.paths import LIST_PATHS, SIGNED_OUT_PATHS

pytestmark = pytest.mark.django_db
# What scripts say when they have something to say.
BY_SCRIPTS = ("did not load", "Try again", "Fetching", "did not work")
FORMS = (
    *("/images/add/", "/settings/", "/images/bookmarklet/", "/accounts/password/change/"),
    *("/welcome/profile/", "/welcome/people/", "/welcome/images/"),
)
ERROR_PAGES = [path.name for path in settings.BASE_DIR.glob("templates/[45]??*.html")]


@pytest.fixture
def page(as_ana: Client, image: Image) -> Callable[..., str]:
    def page(path: str) -> str:
        response = as_ana.get(path.format(image=image.pk), follow=True)
        assert response.status_code == 200
        return response.text

    return page


@pytest.mark.parametrize("path", [*LIST_PATHS, *FORMS])
def test_the_html_contains_no_text_that_only_scripts_show(
    page: Callable[..., str], path: str
) -> None:
    body = LexborHTMLParser(page(path)).body
    assert body
    text = body.text()
    assert [words for words in BY_SCRIPTS if words in text] == []


@pytest.mark.parametrize("path", [*LIST_PATHS, *FORMS])
def test_everything_to_press_has_a_name(page: Callable[..., str], path: str) -> None:
    parser = LexborHTMLParser(page(path))
    for node in parser.css("a, button"):
        images = [image.attributes["alt"] for image in node.css("img")]
        assert node.text(strip=True) or node.attributes.get("aria-label") or any(images), node.html


def unnamed_images(html: str) -> list[str | None]:
    """Return the images for which text browsers show the name of the file."""
    return [img.html for img in LexborHTMLParser(html).css('img:not([alt]), img[alt=""]')]


@pytest.mark.parametrize("path", [*LIST_PATHS, *FORMS])
def test_no_image_shows_its_file_name_to_members(page: Callable[..., str], path: str) -> None:
    assert unnamed_images(page(path)) == []


def test_no_image_shows_its_file_name_in_the_admin(admin_client: Client) -> None:
    assert unnamed_images(admin_client.get("/admin/").text) == []


@pytest.mark.parametrize("path", SIGNED_OUT_PATHS)
def test_no_image_shows_its_file_name_to_visitors(client: Client, path: str) -> None:
    assert unnamed_images(client.get(path).text) == []


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_no_image_shows_its_file_name_on_error_pages(name: str) -> None:
    html = render_to_string(name, {"seconds": 90, "minutes": 2, "hours": 1})
    assert unnamed_images(html) == []


def test_the_home_page_leads_to_the_feed_without_scripts(page: Callable[..., str]) -> None:
    html = page("/")
    assert '<noscript><meta http-equiv="refresh" content="0; url=/stream/"' in html
    assert has(html, 'main a[href="/stream/"]')
