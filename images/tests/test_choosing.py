"""Saving images of a web page: the page offers them with check boxes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from images.models import Image
from testing.markup import has, text_of

pytestmark = pytest.mark.django_db
Save = Callable[..., Any]


def preview(client: Client, **fields: Any) -> str:
    return client.post("/images/add/", {"preview": "1", **fields}).text


def test_a_preview_offers_the_images_of_a_page_and_checks_the_first(
    web: str, as_ana: Client
) -> None:
    html = preview(as_ana, url=f"{web}/page")
    assert has(html, f'[type="checkbox"][name="picture"][value="{web}/bird.jpg"][checked]')
    assert has(html, f'[name="picture"][value="{web}/nest.png"]:not([checked])')
    assert html.index("/bird.jpg") < html.index("/nest.png")
    assert "/icon.png" not in html
    assert has(html, f'[name="url"][value="{web}/page"]')


def test_what_the_page_says_fills_empty_fields_only(web: str, as_ana: Client) -> None:
    html = preview(as_ana, url=f"{web}/page", description="My words")
    assert has(html, '#id_title[value="A page about birds"]')
    assert has(html, f'[name="page_url"][value="{web}/page"]')
    assert text_of(html, "textarea") == "My words"
    assert has(preview(as_ana, url=f"{web}/page", title="Typed"), '#id_title[value="Typed"]')


def test_htmx_gets_the_texts_for_the_script_that_fills_in_fields(web: str, as_ana: Client) -> None:
    data = {"preview": "1", "url": f"{web}/page"}
    html = as_ana.post("/images/add/", data, headers={"HX-Request": "true"}).text
    assert has(
        html, 'input[name="filled_title"][data-fills="id_title"][value="A page about birds"]'
    )
    assert not has(html, "form")


def test_saving_keeps_the_picture_and_its_page(web: str, save: Save, ana: User) -> None:
    response = save(url=f"{web}/page", picture=f"{web}/nest.png")
    image = Image.objects.get()
    assert response["Location"] == image.get_absolute_url()
    assert (image.url, image.page_url) == (f"{web}/nest.png", f"{web}/page")
    assert (image.title, image.width) == ("A bird", 600)


def test_several_can_be_saved_at_once(web: str, as_ana: Client, ana: User) -> None:
    pictures = [f"{web}/bird.jpg", f"{web}/nest.png"]
    data = {"url": f"{web}/page", "title": "Birds", "picture": pictures}
    assert as_ana.post("/images/add/", data)["Location"] == "/people/ana/"
    assert set(ana.images_created.values_list("url", flat=True)) == set(pictures)
    assert "2 images are saved." in as_ana.get("/people/ana/").text


def test_one_that_cannot_be_saved_is_named_and_the_others_are_saved(
    web: str, as_ana: Client
) -> None:
    data = {"url": f"{web}/page", "title": "Birds"}
    as_ana.post("/images/add/", data | {"picture": [f"{web}/text", f"{web}/nest.png"]})
    assert [image.url for image in Image.objects.all()] == [f"{web}/nest.png"]
    assert f"{web}/text: " in as_ana.get("/people/ana/").text


def test_if_none_can_be_saved_the_choice_stays(web: str, save: Save) -> None:
    response = save(url=f"{web}/page", picture=f"{web}/missing", description="My words")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["url"]
    assert has(response.text, f'[name="picture"][value="{web}/nest.png"]')
    assert "My words" in response.text
    assert not Image.objects.exists()


def test_saving_without_a_choice_offers_the_images_and_fills_in_the_title(
    web: str, as_ana: Client
) -> None:
    response = as_ana.post("/images/add/", {"url": f"{web}/page"})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["url"]
    assert has(response.text, f'[name="picture"][value="{web}/bird.jpg"][checked]')
    assert has(response.text, '#id_title[value="A page about birds"]')


def test_another_error_keeps_the_choice(web: str, save: Save) -> None:
    html = save(url=f"{web}/page", picture=f"{web}/nest.png", title="x" * 201).text
    assert has(html, f'[name="picture"][value="{web}/nest.png"][checked]')
    assert has(html, f'[name="picture"][value="{web}/bird.jpg"]:not([checked])')


def test_pictures_that_a_bookmarklet_hands_over_come_first(web: str, as_ana: Client) -> None:
    given = {"page": f"{web}/page", "title": "A title", "picture": [f"{web}/nest.png"]}
    html = as_ana.get("/images/add/", given).text
    assert has(html, f'[name="url"][value="{web}/page"]')
    assert has(html, f'[type="hidden"][name="offered"][value="{web}/nest.png"]')
    html = preview(as_ana, url=f"{web}/page", offered=given["picture"])
    assert html.index('value="' + f'{web}/nest.png"') < html.index(f'value="{web}/bird.jpg"')
    assert has(html, f'[name="picture"][value="{web}/nest.png"][checked]')


def test_they_are_offered_although_their_page_cannot_be_fetched(web: str, save: Save) -> None:
    fields = {"url": f"{web}/missing", "offered": f"{web}/nest.png"}
    html = save(preview="1", **fields).text
    assert has(html, f'[name="picture"][value="{web}/nest.png"][checked]')
    assert save(**fields, picture=f"{web}/nest.png").status_code == 303
    image = Image.objects.get()
    assert (image.url, image.page_url) == (f"{web}/nest.png", f"{web}/missing")


@pytest.mark.parametrize("url", ["a\x00", "\ud800", "HTTP://10.0.0.1/", "x" * 3000, "ftp://a/"])
def test_an_address_that_cannot_be_stored_is_explained(as_ana: Client, url: str) -> None:
    url = url.encode(errors="replace").decode()
    response = as_ana.post("/images/add/", {"preview": "1", "url": url, "title": "Typed"})
    assert response.status_code == 200
    assert has(response.text, "#id_url_preview.errorlist")
    assert 'value="Typed"' in response.text


def test_a_picture_is_stored_under_its_address_as_it_is_compared(web: str, save: Save) -> None:
    save(url=f"{web}/page", picture=f"{web}/nest.png".replace("http:", "HTTP:"))
    assert Image.objects.get().url == f"{web}/nest.png"
