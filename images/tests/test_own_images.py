"""Editing and deleting the viewer's own images."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from images.forms import ImageForm
from images.models import Image

pytestmark = pytest.mark.django_db
Bookmark = Callable[..., Image]


@pytest.fixture
def image(ana: User, bookmark: Bookmark) -> Image:
    return bookmark(ana, "A bird", url="https://example.org/bird.jpg")


def test_editing_changes_the_title_and_the_description(as_ana: Client, image: Image) -> None:
    data = {"title": "A  magpie ", "description": "Of course.", "url": image.url, "width": "1"}
    response = as_ana.post(f"/images/{image.pk}/edit/", data)
    changed = Image.objects.get()
    assert response["Location"] == changed.get_absolute_url() == f"/images/{image.pk}/a-magpie/"
    assert (changed.title, changed.description) == ("A magpie", "Of course.")
    assert (changed.url, changed.image.name) == (image.url, image.image.name)
    assert changed.width == image.width


def test_an_error_is_explained_and_the_page_keeps_the_old_title(
    as_ana: Client, image: Image
) -> None:
    data = {"title": " ", "description": "Of course."}
    response = as_ana.post(f"/images/{image.pk}/edit/", data)
    assert response.status_code == 422
    assert "Of course." in response.text
    assert "Edit A bird ·" in response.text
    assert Image.objects.get().title == "A bird"


def test_an_empty_form_is_an_error(as_ana: Client, image: Image) -> None:
    assert as_ana.post(f"/images/{image.pk}/edit/").status_code == 422


def test_deleting_asks_for_confirmation(as_ana: Client, ana: User, image: Image) -> None:
    assert "Delete this image?" in as_ana.get(f"/images/{image.pk}/delete/").text
    assert Image.objects.exists()
    response = as_ana.post(f"/images/{image.pk}/delete/")
    assert (response.status_code, response["Location"]) == (303, "/people/ana/")
    assert not Image.objects.exists()
    assert "“A bird” is deleted." in as_ana.get("/people/ana/").text


@pytest.mark.django_db(transaction=True)
def test_editing_a_deleted_image_does_not_restore_it(
    as_ana: Client, image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_valid(form: ImageForm) -> bool:
        Image.objects.all().delete()
        return not form.errors

    monkeypatch.setattr(ImageForm, "is_valid", is_valid)
    assert as_ana.post(f"/images/{image.pk}/edit/", {"title": "A magpie"}).status_code == 404
    assert not Image.objects.exists()


@pytest.mark.parametrize("page", ["edit", "delete"])
def test_other_people_cannot_edit_or_delete_an_image(
    image: Image, ben: User, sign_in: Callable[[User], Client], client: Client, page: str
) -> None:
    as_ben = sign_in(ben)
    url = f"/images/{image.pk}/{page}/"
    assert as_ben.get(url).status_code == 404
    assert as_ben.post(url, {"title": "Mine now"}).status_code == 404
    assert client.get(url)["Location"] == f"/accounts/login/?next={url}"
    assert Image.objects.get().title == "A bird"


def test_the_viewers_own_image_has_links_to_edit_and_delete_it(
    as_ana: Client, image: Image
) -> None:
    html = as_ana.get(image.get_absolute_url()).text
    assert f'href="/images/{image.pk}/edit/"' in html
    assert f'href="/images/{image.pk}/delete/"' in html
