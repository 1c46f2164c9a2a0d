"""A daily quota limits the bytes of images that a person can upload."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from images import sanitize
from images.models import Image
from imaging import middleware
from imaging.admission import Admission, admitting
from people import quota
from testing.decoder_slots import all_slots_held
from testing.image_files import encode, noise
from testing.threads import at_once

MB = 1024 * 1024
# Two of these exceed a megabyte.
LARGE = encode(noise(size=(500, 480)), "PNG")
SMALL = encode(noise(size=(300, 200)), "PNG")


@pytest.fixture(autouse=True)
def one_megabyte(settings: Any) -> None:
    settings.UPLOAD_MB_PER_DAY = 1


@pytest.fixture
def send(as_ana: Client) -> Callable[..., Any]:
    def send(picture: bytes, title: str = "A bird", client: Client = as_ana) -> Any:
        upload = SimpleUploadedFile("x.png", picture)
        return client.post("/images/add/", {"title": title, "upload": upload})

    return send


@pytest.mark.django_db
def test_an_upload_over_the_daily_quota_is_refused_and_keeps_the_input(
    send: Callable[..., Any], ben: User, sign_in: Callable[[User], Client]
) -> None:
    assert send(LARGE).status_code == 303
    response = send(LARGE, "My title")
    assert response.status_code == 422
    [reason] = response.context["form"].errors["upload"]
    assert "limit of 1 MB a day" in reason
    assert 'value="My title"' in response.text
    assert Image.objects.count() == 1
    # A smaller image still fits, and other people have a quota of their own.
    assert send(SMALL).status_code == 303
    again = send(LARGE, client=sign_in(ben))
    assert "has <a" in again.text


@pytest.mark.django_db
def test_saved_addresses_count_and_previews_do_not(as_ana: Client, web: str, settings: Any) -> None:
    settings.UPLOAD_MB_PER_DAY = 0
    fields = {"title": "A bird", "url": f"{web}/bird.jpg"}
    response = as_ana.post("/images/add/", fields)
    assert response.status_code == 422
    assert "MB a day" in response.context["form"].errors["url"][0]
    assert "Preview of the image" in as_ana.post("/images/add/", fields | {"preview": "1"}).text


@pytest.mark.django_db
def test_an_image_that_grows_when_it_is_sanitized_counts_with_its_new_size(
    send: Callable[..., Any],
) -> None:
    coarse = encode(noise(size=(1700, 1400)), "JPEG", quality=10)
    assert send(coarse).status_code == 303
    kept = Image.objects.get().image.size
    assert len(coarse) < MB // 2 < kept < MB
    other = encode(noise(size=(1700, 1400), seed=2), "JPEG", quality=10)
    assert send(other).status_code == 422


@pytest.mark.django_db
def test_an_image_that_would_grow_many_times_is_refused(
    send: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sanitize, "MAX_KEPT_BYTES", len(SMALL) // 2)
    response = send(SMALL)
    assert response.status_code == 422
    assert "too much memory" in response.context["form"].errors["upload"][0]


@pytest.mark.django_db
def test_photos_count_too(send: Callable[..., Any], as_ana: Client) -> None:
    assert send(LARGE).status_code == 303
    response = as_ana.post("/profile/", {"photo": SimpleUploadedFile("x.png", LARGE)})
    assert response.status_code == 422
    assert "MB a day" in response.context["form"].errors["photo"][0]
    assert as_ana.post("/profile/", {"first_name": "Ana"}).status_code == 303


@pytest.mark.django_db
def test_uploads_refused_as_busy_do_not_count(
    send: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(middleware, "REQUEST_WAIT", 0)
    with all_slots_held("decode", settings.DECODE_SLOTS):
        for _ in range(3):
            assert send(LARGE).status_code == 503
    assert send(LARGE).status_code == 303


@pytest.mark.django_db(transaction=True)
def test_many_uploads_at_once_do_not_exceed_the_quota() -> None:
    def count() -> bool:
        with admitting(Admission(lambda: "7")):
            try:
                quota.count(MB // 5)
            except ValidationError:
                return False
            return True

    counted = sum(at_once([count] * 12))
    # Two concurrent ones at the limit may both be refused, though one of them would fit.
    while count():
        counted += 1
    assert counted == 5


@pytest.mark.django_db
def test_commands_have_no_quota() -> None:
    for _ in range(3):
        quota.count(MB)
