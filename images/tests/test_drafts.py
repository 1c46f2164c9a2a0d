"""What a preview has fetched is kept for an hour, and not fetched again for saving."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import storages
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from images.fetching.addresses import Address
from images.fetching.fetch import Response
from images.models import Draft, Image, draft
from testing.image_files import image_file

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "https://birds.example/heron"
PAGE = b'<!doctype html><title>A heron</title><img src="/1.png" width=600 height=400>'


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the addresses that are fetched, from a site with one page and one picture."""
    addresses = []

    def fetch(url: str, seconds: float = 0, referer: str = "") -> Response:
        addresses.append(url)
        body = image_file("teal", (600, 400), "PNG") if url.endswith("png") else PAGE
        return Response(Address.parse(url), body, "")

    monkeypatch.setattr(draft, "fetch", fetch)
    return addresses


def folders() -> list[str]:
    return list(storages["drafts"].listdir("")[0])


def send(client: Client, **fields: Any) -> Any:
    return client.post("/images/add/", {"url": ADDRESS, "title": "A heron", **fields})


def test_a_page_and_its_pictures_are_fetched_once(as_ana: Client, fetched: list[str]) -> None:
    picture = "https://birds.example/1.png"
    for _press in range(2):
        send(as_ana, preview="1")
    send(as_ana, picture=picture)
    assert fetched == [ADDRESS, picture]
    assert Image.objects.get().url == picture


def test_an_image_is_fetched_once(as_ana: Client, fetched: list[str]) -> None:
    address = "https://birds.example/2.png"
    send(as_ana, url=address, preview="1")
    send(as_ana, url=address)
    assert fetched == [address]


def test_nobody_gets_what_another_person_has_fetched(
    as_ana: Client, ben: User, fetched: list[str]
) -> None:
    send(as_ana, preview="1")
    as_ana.force_login(ben)
    send(as_ana, preview="1")
    assert fetched.count(ADDRESS) == 2


def test_five_are_kept_for_a_person(ana: User, ben: User, fetched: list[str]) -> None:
    before = len(folders())
    Draft.objects.begin(ben, ADDRESS).fetch(ADDRESS)
    for number in range(7):
        Draft.objects.begin(ana, f"{ADDRESS}/{number}").fetch(ADDRESS)
    assert Draft.objects.filter(user=ana).count() == 5
    assert not Draft.objects.filter(user=ana, url=f"{ADDRESS}/1").exists()
    assert len(folders()) == before + 6


def test_an_old_draft_is_fetched_again(as_ana: Client, fetched: list[str]) -> None:
    send(as_ana, preview="1")
    Draft.objects.update(created=timezone.now() - timedelta(hours=1, minutes=1))
    send(as_ana, preview="1")
    assert fetched.count(ADDRESS) == 2
    assert Draft.objects.count() == 1


def test_prune_deletes_expired_drafts_and_files_of_people_who_are_gone(
    ana: User, ben: User, cleo: User, fetched: list[str]
) -> None:
    kept, expired, gone = (Draft.objects.begin(user, ADDRESS) for user in (ana, ben, cleo))
    for each in (kept, expired, gone):
        each.fetch(ADDRESS)
    Draft.objects.filter(pk=expired.pk).update(created=timezone.now() - timedelta(hours=2))
    cleo.delete()
    call_command("prune")
    assert Draft.objects.get() == kept
    assert folders() == [kept.folder]


def test_more_than_a_draft_may_hold_is_fetched_again(
    ana: User, fetched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft, "MAX_BYTES", 2 * len(PAGE))
    first = Draft.objects.begin(ana, ADDRESS)
    for path in ("a", "b", "a", "b"):
        assert first.fetch(f"{ADDRESS}/{path}").body == PAGE
    assert fetched == [f"{ADDRESS}/a", f"{ADDRESS}/b", f"{ADDRESS}/b"]
    again = Draft.objects.begin(ana, ADDRESS)
    for path in ("c", "c", "a"):
        again.fetch(f"{ADDRESS}/{path}")
    assert fetched[3:] == [f"{ADDRESS}/c", f"{ADDRESS}/c"]


def test_a_draft_survives_the_loss_of_its_files(ana: User, fetched: list[str]) -> None:
    first = Draft.objects.begin(ana, ADDRESS)
    first.fetch(ADDRESS)
    draft.delete_folder(first.folder)
    assert first.fetch(ADDRESS).body == PAGE


def test_a_full_disk_does_not_stop_a_preview(
    as_ana: Client, fetched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **options: Any) -> Callable[..., Any]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(storages["drafts"]), "_save", full)
    assert send(as_ana, preview="1").status_code == 200
