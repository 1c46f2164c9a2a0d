"""Saving an image, from an address or as a file."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client

from images.models import Image
from stream.models import Action
from testing.image_files import animated_gif, image_file
from testing.markup import has
from testing.stored_files import stored_image, stored_names

pytestmark = pytest.mark.django_db
Save = Callable[..., Any]


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    return dict(response.context["form"].errors)


def test_saving_an_address_fetches_the_image_and_shows_its_page(
    web: str, ana: User, save: Save
) -> None:
    response = save(url=f"{web}/photo?id=3", description="Seen from the train.")
    image = Image.objects.get()
    assert (response.status_code, response["Location"]) == (303, image.get_absolute_url())
    assert (image.user, image.title, image.url) == (ana, "A bird", f"{web}/photo?id=3")
    assert (image.width, image.height, image.description) == (300, 200, "Seen from the train.")
    assert Action.objects.of(ana, "bookmarked image", image).count() == 1


def test_the_source_is_the_typed_address_and_not_the_target_of_its_redirect(
    web: str, save: Save
) -> None:
    save(url=f" {web}/moved#top ")
    assert (Image.objects.get().url, Image.objects.get().width) == (f"{web}/moved", 800)


def test_the_format_of_a_file_is_read_from_its_bytes_not_its_name(ana: User, save: Save) -> None:
    assert save(image_file("teal", (64, 48), "PNG")).status_code == 303
    image = Image.objects.get()
    assert (image.width, image.height, image.url) == (64, 48, "")
    assert image.image.name.endswith(".png")


def test_an_animation_is_kept_and_its_thumbnails_are_not_animated(save: Save) -> None:
    save(animated_gif())
    image = Image.objects.get()
    assert image.is_animated
    with stored_image(str(image.image.name)) as kept:
        assert getattr(kept, "n_frames", 1) == 3
    with stored_image(image.image.srcset.split()[0].removeprefix("/media/")) as thumbnail:
        assert (thumbnail.format, getattr(thumbnail, "n_frames", 1)) == ("WEBP", 1)


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({}, "url", "Paste an address, or choose a file."),
        ({"url": "nonsense nonsense"}, "url", "not a web address"),
        ({"url": "ftp://example.org/a.png"}, "url", "start with https:// or http://"),
        ({"url": "http://127.0.0.1/a.png"}, "url", "Magpie cannot load this address."),
        ({"url": "/missing"}, "url", "has nothing at this address (404)"),
        ({"url": "/text"}, "url", "not an image"),
        ({"url": "/bare"}, "url", "no suitable image"),
        ({"upload": b"I am no image"}, "upload", "not an image"),
        ({"url": "/bird.jpg", "title": ""}, "title", "required"),
        ({"url": "/bird.jpg", "title": "\u200b\u3164"}, "title", "no visible characters"),
        ({"url": "/bird.jpg", "title": "x" * 201}, "title", "at most 200"),
    ],
)
def test_a_refused_form_says_why_and_keeps_the_input(
    web: str, save: Save, empty_storage: None, fields: dict[str, Any], field: str, reason: str
) -> None:
    if fields.get("url", "").startswith("/"):
        fields = fields | {"url": web + fields["url"]}
    response = save(description="My words", **fields)
    assert list(errors(response)) == [field]
    assert reason in errors(response)[field][0]
    assert "My words" in response.text
    assert fields.get("url", "") in response.text
    assert not Image.objects.exists()
    assert not stored_names()


def test_a_preview_shows_the_image_and_stores_nothing(
    web: str, save: Save, empty_storage: None
) -> None:
    response = save(url=f"{web}/bird.jpg", preview="1", title="Typed")
    assert response.status_code == 200
    assert 'src="data:image/webp;base64,' in response.text
    assert 'value="Typed"' in response.text
    assert "img-src 'self' data:" in response["Content-Security-Policy"]
    assert not stored_names()
    assert not Image.objects.exists()


def test_htmx_gets_only_the_preview(web: str, as_ana: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "preview"}
    data = {"preview": "1", "url": f"{web}/bird.jpg"}
    html = as_ana.post("/images/add/", data, headers=headers).text
    assert 'alt="Preview of the image"' in html
    assert "<form" not in html
    assert not as_ana.post("/images/add/", {"preview": "1"}, headers=headers).text.strip()


def test_a_prefilled_form_fetches_nothing(as_ana: Client) -> None:
    html = as_ana.get("/images/add/", {"url": "http://10.0.0.1/", "title": 'A "<b>" title'}).text
    assert 'name="url" value="http://10.0.0.1/"' in html
    assert 'value="A &quot;&lt;b&gt;&quot; title"' in html
    assert 'hx-trigger="load,' in html


def test_signed_out_people_cannot_save_images(client: Client) -> None:
    response = client.get("/images/add/?url=https://example.org/a.png")
    assert response["Location"].startswith("/accounts/login/?next=/images/add/%3Furl%3D")


def test_pressing_save_twice_saves_one_image_and_one_action(web: str, save: Save) -> None:
    pages = [save(url=f"{web}/bird.jpg")["Location"] for _ in range(2)]
    assert pages[0] == pages[1]
    assert Image.objects.count() == Action.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "javascript:alert(1)"},
        {"url": "ftp://x/"},
        {"width": 0},
        {"title": ""},
        {"image": ""},
    ],
)
def test_the_database_refuses_invalid_images(ana: User, fields: dict[str, Any]) -> None:
    image: dict[str, Any] = {"title": "A", "width": 1, "height": 1, "image": "x.png", **fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        Image.objects.create(user=ana, **image)


@pytest.mark.parametrize(
    "path", ["/images/{}/a-heron/", "/images/{}/", "/images/{}/old-title/?x=1"]
)
def test_an_address_on_magpie_leads_to_its_image(
    as_ana: Client, ben: User, bookmark: Callable[..., Image], path: str
) -> None:
    image = bookmark(ben, "A heron")
    url = f" http://testserver{path}".format(image.pk)
    response = as_ana.post("/images/add/", {"url": url})
    assert (response.status_code, response["Location"]) == (303, image.get_absolute_url())
    html = as_ana.post("/images/add/", {"url": url, "preview": "1", "title": "Typed"}).text
    assert has(html, f'#id_url_preview a[href="{image.get_absolute_url()}"]')
    assert 'value="Typed"' in html


def test_an_address_on_magpie_that_is_no_image_is_refused(save: Save) -> None:
    for path in ("/people/", "/images/99/", "/images/" + "9" * 30 + "/"):
        assert list(errors(save(url=f"http://testserver{path}"))) == ["url"]
