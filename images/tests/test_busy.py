"""A request that finds no free slot is asked to try again, and loses no input."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from time import monotonic
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from images.files import ImageFileQuerySet
from images.models import Image
from imaging import middleware
from imaging.admission import RETRY_AFTER, concurrency
from testing.decoder_slots import all_slots_held
from testing.image_files import image_file

pytestmark = pytest.mark.django_db
Save = Callable[..., Any]


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait only briefly for a slot."""
    monkeypatch.setattr(middleware, "REQUEST_WAIT", 0.05)


@pytest.fixture
def no_decode_slot(settings: Any) -> Iterator[None]:
    with all_slots_held("decode", settings.DECODE_SLOTS):
        yield


@pytest.fixture
def no_fetch_slot(settings: Any) -> Iterator[None]:
    with all_slots_held("fetch", settings.FETCH_SLOTS):
        yield


def assert_busy(response: Any) -> None:
    assert response.status_code == 503
    assert response["Retry-After"] == str(RETRY_AFTER)
    assert "Magpie is busy" in response.text
    assert not Image.objects.exists()


def test_a_form_without_a_decode_slot_keeps_its_input(save: Save, no_decode_slot: None) -> None:
    response = save(image_file("teal", (9, 9)), title="My title", description="My words")
    assert_busy(response)
    assert 'value="My title"' in response.text
    assert "My words" in response.text
    assert "choose it again" in response.text


def test_a_form_without_a_fetch_slot_keeps_its_input(
    web: str, save: Save, no_fetch_slot: None
) -> None:
    response = save(url=f"{web}/bird.jpg", title="My title")
    assert_busy(response)
    assert f"{web}/bird.jpg" in response.text


@pytest.mark.parametrize("path", ["/bird.jpg", "/page"])
def test_a_preview_without_a_decode_slot_is_asked_to_try_again(
    web: str, save: Save, no_decode_slot: None, path: str
) -> None:
    assert_busy(save(url=f"{web}{path}", preview="1"))


def test_a_preview_without_a_fetch_slot_is_asked_to_try_again(
    web: str, save: Save, no_fetch_slot: None
) -> None:
    assert_busy(save(url=f"{web}/bird.jpg", preview="1"))


def test_an_image_without_a_slot_for_its_thumbnails_is_not_saved(
    save: Save, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as others:

        def hold_all(*args: Any, **fields: Any) -> Any:
            others.enter_context(all_slots_held("decode", settings.DECODE_SLOTS))
            return original(*args, **fields)

        original = ImageFileQuerySet.store
        monkeypatch.setattr(ImageFileQuerySet, "store", hold_all)
        response = save(image_file("teal", (9, 9)), description="My words")
    assert_busy(response)
    assert "My words" in response.text


def test_a_profile_form_without_a_decode_slot_keeps_its_input(
    as_ana: Client, no_decode_slot: None
) -> None:
    photo = SimpleUploadedFile("x.png", image_file("teal", (90, 90)))
    response = as_ana.post("/profile/", {"first_name": "Anabel", "photo": photo})
    assert_busy(response)
    assert 'value="Anabel"' in response.text


def test_the_admin_asks_to_try_again(ana: User, admin_client: Client, no_decode_slot: None) -> None:
    photo = SimpleUploadedFile("x.png", image_file("teal", (90, 90)))
    response = admin_client.post(
        f"/admin/people/profile/{ana.profile.pk}/change/", {"photo": photo}
    )
    assert_busy(response)
    assert "reload this page" in response.text


def test_being_busy_is_not_logged_as_an_error(
    save: Save, no_decode_slot: None, caplog: pytest.LogCaptureFixture
) -> None:
    assert_busy(save(image_file("teal", (9, 9))))
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_person_whose_queue_is_full_is_refused_at_once(
    ana: User, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "REQUEST_WAIT", 60)
    person = str(ana.pk)
    entered = [concurrency.acquire(person) for _ in range(concurrency.size)]
    assert entered == [True] * (concurrency.size // 2) + [False] * (concurrency.size // 2)
    started = monotonic()
    assert_busy(save(image_file("teal", (9, 9))))
    assert monotonic() - started < 30
    for _ in range(concurrency.size // 2):
        concurrency.release(person)
    assert save(image_file("teal", (9, 9))).status_code == 303


def test_a_request_that_has_ended_no_longer_counts_as_running(save: Save) -> None:
    for _ in range(2 * concurrency.size):
        assert save(image_file("teal", (9, 9))).status_code == 303
    assert not concurrency.running
