"""Files that `move_files` has not moved yet are found, also while it moves them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.httpsession import URLLib3Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

NAME = "images/ab/0123456789abcdef0123456789abcdef.webp"


@pytest.fixture
def on_disk(on_a_store: Path) -> Path:
    """Return a file that is still on disk."""
    file = on_a_store / NAME
    file.parent.mkdir(parents=True)
    file.write_bytes(b"RIFF")
    return file


@pytest.fixture
def moved_at_once(on_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Move the file as soon as the store has answered the first request."""
    send = URLLib3Session.send

    def send_and_move(session: URLLib3Session, request: Any) -> Any:
        response = send(session, request)
        monkeypatch.setattr(URLLib3Session, "send", send)
        call_command("move_files")
        return response

    monkeypatch.setattr(URLLib3Session, "send", send_and_move)


def found(storage: Any) -> list[object]:
    with storage.open(NAME) as file:
        content = file.read()
    return [content, storage.size(NAME), storage.present([NAME]), storage.exists(NAME)]


def names(storage: Any) -> list[str]:
    return [file.name for file in storage.files()]


def test_a_file_on_disk_is_found_before_and_after_it_is_moved(on_disk: Path) -> None:
    for _ in range(2):
        assert found(default_storage) == [b"RIFF", 4, {NAME}, True]
        assert names(default_storage) == [NAME]
        call_command("move_files")
    assert not on_disk.exists()


@pytest.mark.usefixtures("moved_at_once")
@pytest.mark.parametrize("look", [found, names])
def test_a_file_is_found_while_it_is_moved(look: Callable[[Any], list[object]]) -> None:
    assert look(default_storage)


@pytest.mark.usefixtures("moved_at_once")
@pytest.mark.parametrize("method", ["size", "exists"])
def test_a_file_is_not_missing_while_it_is_moved(method: str) -> None:
    assert getattr(default_storage, method)(NAME)


def test_a_file_that_is_saved_again_takes_the_place_of_that_on_disk(on_disk: Path) -> None:
    default_storage.save(NAME, ContentFile(b"restored"))
    call_command("move_files")
    with default_storage.open(NAME) as file:
        assert file.read() == b"restored"
