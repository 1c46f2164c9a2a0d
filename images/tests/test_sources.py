"""Where an image was found: its address, the page that shows it, and the credit."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client

from images.models import Image
from testing.image_files import image_file
from testing.markup import has, text_of

pytestmark = pytest.mark.django_db
Bookmark = Callable[..., Image]
Save = Callable[..., Any]

PAGE = "https://birds.example/heron"
LISTS = ["/images/", "/people/ana/"]


@pytest.fixture
def image(ana: User, bookmark: Bookmark) -> Image:
    sources = {"url": "https://cdn.example/1.jpg", "page_url": PAGE, "credit": "Birds <of> the sea"}
    return bookmark(ana, "A bird", **sources)


@pytest.mark.parametrize("selector", [".image-page__source", ".image-card__source"])
def test_pages_and_cards_link_the_page_with_its_credit(
    as_ana: Client, image: Image, selector: str
) -> None:
    path = image.get_absolute_url() if "page" in selector else "/images/"
    html = as_ana.get(path).text
    assert text_of(html, selector) == "Found on Birds <of> the sea, birds.example"
    assert has(html, f'{selector} a[href="{PAGE}"][rel="noopener nofollow ugc"]')


@pytest.mark.parametrize(
    ("sources", "text", "link"),
    [
        ({"url": "https://www.example.org/1.jpg"}, "Found on example.org", True),
        ({"page_url": PAGE}, "Found on birds.example", True),
        ({"credit": "Grandmother"}, "Found on Grandmother", False),
    ],
)
def test_a_source_is_shown_as_far_as_it_is_known(
    as_ana: Client, ana: User, bookmark: Bookmark, sources: dict[str, str], text: str, link: bool
) -> None:
    html = as_ana.get(bookmark(ana, **sources).get_absolute_url()).text
    assert text_of(html, ".image-page__source") == text
    assert has(html, ".image-page__source a") == link


@pytest.mark.parametrize("path", LISTS)
def test_an_image_without_a_source_says_nothing_about_it(
    as_ana: Client, ana: User, bookmark: Bookmark, path: str
) -> None:
    bookmark(ana)
    assert not has(as_ana.get(path).text, ".image-card__source")


def test_an_upload_is_saved_with_its_source(save: Save) -> None:
    sources = {"url": "https://cdn.example/1.jpg", "page_url": "birds.example", "credit": "Birds"}
    save(image_file("teal", (60, 40)), **sources)
    image = Image.objects.get()
    assert (image.url, image.page_url) == (sources["url"], "https://birds.example/")
    assert image.credit == "Birds"


def test_its_owner_can_change_the_source_later(as_ana: Client, image: Image) -> None:
    data = {"title": "A bird", "url": "", "page_url": "http://other_birds.example/x", "credit": "A"}
    assert as_ana.post(f"/images/{image.pk}/edit/", data).status_code == 303
    image.refresh_from_db()
    assert (image.url, image.page_url) == ("", data["page_url"])
    assert image.credit == "A"


def test_a_wrong_address_of_a_page_is_explained(as_ana: Client, image: Image) -> None:
    data = {"title": "A bird", "page_url": "ftp://birds.example/", "credit": "Typed"}
    response = as_ana.post(f"/images/{image.pk}/edit/", data)
    assert list(response.context["form"].errors) == ["page_url"]
    assert 'value="Typed"' in response.text


@pytest.mark.parametrize(
    ("given", "url", "text"),
    [
        ({"url": PAGE, "text": "A heron"}, PAGE, "A heron"),
        ({"text": f"A heron {PAGE}"}, PAGE, "A heron"),
        ({"text": PAGE}, PAGE, ""),
        ({"page": PAGE, "text": f"See {PAGE}"}, PAGE, f"See {PAGE}"),
        ({"text": "No link"}, "", "No link"),
    ],
)
def test_a_phone_shares_a_link_as_the_address_or_in_the_text(
    as_ana: Client, given: dict[str, str], url: str, text: str
) -> None:
    html = as_ana.get("/images/add/", given).text
    assert has(html, f'[name="url"][value="{url}"]' if url else '[name="url"]:not([value])')
    assert text_of(html, 'textarea[name="description"]') == text


def test_an_address_fills_in_the_form_for_bookmarklets(as_ana: Client) -> None:
    given = {"url": "https://a.example/1.jpg", "page": PAGE, "title": "A title", "text": "A text"}
    html = as_ana.get("/images/add/", given).text
    assert has(html, f'[name="page_url"][value="{PAGE}"]')
    assert text_of(html, 'textarea[name="description"]') == "A text"


def test_the_database_refuses_pages_that_are_not_of_the_web(image: Image) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Image.objects.filter(pk=image.pk).update(page_url="javascript:alert(1)")


@pytest.mark.parametrize("path", [*LISTS, "/images/{}/a-bird/", "/images/{}/edit/"])
def test_the_alternative_text_replaces_the_image_everywhere(
    as_ana: Client, ana: User, bookmark: Bookmark, path: str
) -> None:
    image = bookmark(ana, "A bird", alt="A heron stands on one leg")
    html = as_ana.get(path.format(image.pk)).text
    assert has(html, 'img[alt="A heron stands on one leg"]')
    assert not has(html, '[aria-hidden] img[alt="A heron stands on one leg"]')
    Image.objects.update(alt="")
    assert has(as_ana.get(path.format(image.pk)).text, 'img[alt="A bird"]')
