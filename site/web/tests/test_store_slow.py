"""A store that does not answer holds up only those who need it. Half a file is not served."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
from botocore.config import Config
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from pytest_django import Settings

from config.settings.storage import storages_at
from imaging import object_storage
from imaging.circuit_breaker import PAUSE
from imaging.object_storage import StoreError
from imaging.storage import save_all
from tools.servers.seaweedfs import store_url


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> Iterator[socket.socket]:
    """Listen at the address of the store, without an answer."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(15)
        url = store_url(f"http://127.0.0.1:{listening.getsockname()[1]}")
        settings.STORAGES = settings.STORAGES | storages_at(url, str(tmp_path))
        yield listening


def answer_with(store: socket.socket, response: bytes) -> Thread:
    def run() -> None:
        client, _ = store.accept()
        with client:
            client.recv(65536)
            client.sendall(response)

    thread = Thread(target=run)
    thread.start()
    return thread


def test_a_part_of_a_file_is_not_taken_for_all_of_it(store: socket.socket) -> None:
    thread = answer_with(store, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it")
    with default_storage.open("a/b.webp") as file, pytest.raises(StoreError):
        file.read()
    thread.join()


def test_a_preview_does_not_wait_long_for_what_it_does_not_need(store: socket.socket) -> None:
    started = monotonic()
    with pytest.raises(StoreError):
        storages["drafts"].open("folder/page")
    with pytest.raises(StoreError):
        storages["drafts"].save("folder/page", ContentFile(b"<p>"))
    assert monotonic() - started < 10


def test_after_a_request_without_an_answer_others_are_refused_until_one_is_answered(
    store: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = storages["drafts"]
    with pytest.raises(StoreError):
        drafts.exists("folder/page")
    started = monotonic()
    for _ in range(10):
        with pytest.raises(StoreError):
            drafts.exists("folder/page")
    assert monotonic() - started < 1
    monkeypatch.setattr("imaging.circuit_breaker.monotonic", lambda: monotonic() + PAUSE)
    # The first is that which had no answer.
    store.accept()[0].close()
    for _ in range(2):
        thread = answer_with(store, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        assert drafts.exists("folder/page")
        thread.join()


def test_all_requests_that_had_no_answer_are_tried_again(
    store: socket.socket, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = object_storage.CLIENT.merge(Config(read_timeout=1))
    monkeypatch.setattr(object_storage, "CLIENT", impatient)
    # Storages are made again.
    settings.STORAGES = dict(settings.STORAGES)
    names = {f"a/{number}.webp": b"RIFF" for number in range(5)}
    saving = Thread(target=save_all, args=(default_storage, names))
    saving.start()
    silent = [store.accept()[0] for _ in names]
    for _ in names:
        answer_with(store, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").join()
    saving.join()
    for client in silent:
        client.close()
    # So the store is known to answer.
    answer_with(store, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert default_storage.exists("a/0.webp")


def test_monitors_that_ask_while_a_check_hangs_do_not_hang(store: socket.socket) -> None:
    def check() -> None:
        with suppress(StoreError):
            default_storage.check()  # type: ignore[attr-defined]

    first = Thread(target=check)
    first.start()
    client, _ = store.accept()
    started = monotonic()
    with client, pytest.raises(StoreError):
        default_storage.check()  # type: ignore[attr-defined]
    assert monotonic() - started < 5
    # It tries once more.
    answer_with(store, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").join()
    first.join()
