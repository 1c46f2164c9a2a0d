"""Without style and scripts, a page says only what is true, and everything to press has a name."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from home.tests.test_page_queries import PAGES
from images.models import Image
from people.models import Contact
from testing.markup import has

pytestmark = pytest.mark.django_db
# What scripts say when they have something to say.
BY_SCRIPTS = ("did not load", "Try again", "Fetching", "did not work")
FORMS = ("/images/add/", "/profile/", "/images/bookmarklet/", "/accounts/password/change/")


@pytest.fixture
def page(
    as_ana: Client, ana: User, ben: User, bookmark: Callable[..., Image]
) -> Callable[..., str]:
    image = bookmark(ben, title="A bird")
    Contact.objects.follow(ana, ben)

    def page(path: str) -> str:
        response = as_ana.get(path.format(image=image.pk), follow=True)
        assert response.status_code == 200
        return response.text

    return page


@pytest.mark.parametrize("path", [*PAGES, *FORMS])
def test_nothing_is_said_that_only_scripts_may_say(page: Callable[..., str], path: str) -> None:
    body = LexborHTMLParser(page(path)).body
    assert body
    text = body.text()
    assert [words for words in BY_SCRIPTS if words in text] == []


@pytest.mark.parametrize("path", [*PAGES, *FORMS])
def test_everything_to_press_has_a_name(page: Callable[..., str], path: str) -> None:
    parser = LexborHTMLParser(page(path))
    for node in parser.css("a, button"):
        images = [image.attributes["alt"] for image in node.css("img")]
        assert node.text(strip=True) or node.attributes.get("aria-label") or any(images), node.html


def test_the_home_page_leads_to_the_feed_without_scripts(page: Callable[..., str]) -> None:
    html = page("/")
    assert '<noscript><meta http-equiv="refresh" content="0; url=/stream/"' in html
    assert has(html, 'main a[href="/stream/"]')
