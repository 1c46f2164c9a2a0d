"""Uploads in an object store: what is written, with how many requests, and who can read it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import urllib3
from botocore.httpsession import URLLib3Session
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.db import connection
from django.test import Client
from pytest_django import Settings

from images.files import ImageFile
from images.models import Image
from imaging.object_storage import ObjectStorage, StoreError
from imaging.storage import StoredFile, delete_all, save_all
from testing.image_files import image_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_a_store")]
Bookmark = Callable[..., Image]


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the methods of the requests to the store, as they are sent."""
    sent: list[str] = []
    send = URLLib3Session.send

    def record(session: URLLib3Session, request: Any) -> Any:
        sent.append(request.method)
        return send(session, request)

    monkeypatch.setattr(URLLib3Session, "send", record)
    return sent


def names() -> list[str]:
    files: Iterator[StoredFile] = default_storage.files()  # type: ignore[attr-defined]
    return [file.name for file in files]


def public(bucket: str, name: str) -> urllib3.BaseHTTPResponse:
    """Ask the store for a file, as anybody can."""
    options = settings.STORAGES["default"]["OPTIONS"]
    return urllib3.request("GET", f"{options['endpoint_url']}/{bucket}/{name}")


def test_a_file_can_be_written_read_listed_and_deleted() -> None:
    name = default_storage.save("a/b.webp", ContentFile(b"all of it"))
    assert name == "a/b.webp"
    assert default_storage.exists(name)
    assert default_storage.size(name) == 9
    with default_storage.open(name) as file:
        assert file.read() == b"all of it"
    assert names() == [name]
    default_storage.delete(name)
    default_storage.delete(name)
    assert not default_storage.exists(name)
    assert names() == []
    with pytest.raises(FileNotFoundError):
        default_storage.open(name)


def test_names_lead_to_no_other_bucket(client: Client) -> None:
    storages["drafts"].save("x", ContentFile(b"<script>"))
    other = settings.STORAGES["drafts"]["OPTIONS"]["bucket_name"]
    for name in (f"../{other}/x", f"a/../../{other}/x", f"/../{other}/x"):
        assert client.get(f"/media/{name}").status_code in {400, 404}


def test_a_file_is_written_with_its_type_and_may_be_cached_for_a_year() -> None:
    save_all(default_storage, {"a/b.webp": b"RIFF", "a/b.jpg": b"JFIF"})
    client = storages["default"].connection.meta.client  # type: ignore[attr-defined]
    bucket = settings.STORAGES["default"]["OPTIONS"]["bucket_name"]
    for name, kind in {"a/b.webp": "image/webp", "a/b.jpg": "image/jpeg"}.items():
        head = client.head_object(Bucket=bucket, Key=name)
        assert head["ContentType"] == kind
        assert head["CacheControl"] == "public, max-age=31536000, immutable"


def test_a_save_sends_one_request_for_each_file(
    ana: User, bookmark: Bookmark, requests: list[str]
) -> None:
    bookmark(ana, size=(3000, 2000))
    assert requests == ["PUT"] * 9
    assert len(names()) == 9
    requests.clear()
    # A picture that is known costs one request more, to see that nothing of it is lost.
    bookmark(ana, size=(3000, 2000))
    assert requests == ["GET"]
    requests.clear()
    Image.objects.all().delete()
    ImageFile.objects.get().delete()
    assert requests.count("DELETE") == len(requests) == 9
    assert names() == []


def test_pages_send_no_request(ana: User, bookmark: Bookmark, requests: list[str]) -> None:
    ana.profile.photo.save("ana.webp", ContentFile(image_file("teal", (40, 30))))
    image = bookmark(ana)
    requests.clear()
    client = Client()
    client.force_login(ana)
    for path in ("/", "/images/", "/people/", "/people/ana/", image.get_absolute_url(), "/feed/"):
        client.get(path, follow=True)
    assert requests == []


def test_the_site_serves_files_of_the_store_if_nothing_in_front_of_it_does(
    ana: User, bookmark: Bookmark, client: Client
) -> None:
    image = bookmark(ana)
    for url in (image.image.url, image.image.jpeg):
        response = client.get(url)
        data = b"".join(response)
        assert response["Content-Length"] == str(len(data))
        assert response["Content-Type"] in {"image/jpeg", "image/png", "image/webp"}
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        with default_storage.open(url.removeprefix("/media/")) as file:
            assert file.read() == data
    assert client.get("/media/images/ab/none.webp").status_code == 404


def test_a_folder_is_no_file(client: Client) -> None:
    save_all(default_storage, {"a/b.webp": b"RIFF"})
    for path in ("", "a", "a/", ".", "..\\..\\a"):
        assert client.get(f"/media/{path}").status_code == 404


def test_drafts_are_in_a_bucket_that_nobody_else_can_read() -> None:
    storages["drafts"].save("folder/page", ContentFile(b"<script>"))
    bucket = settings.STORAGES["drafts"]["OPTIONS"]["bucket_name"]
    assert bucket.endswith("-drafts")
    assert public(bucket, "folder/page").status == 403
    assert names() == []
    assert storages["drafts"].listdir("") == (["folder"], [])


def test_several_files_are_written_and_deleted_at_once() -> None:
    files = {f"a/{number}.webp": bytes([number]) for number in range(40)}
    save_all(default_storage, files)
    assert sorted(names()) == sorted(files)
    delete_all(default_storage, files)
    assert names() == []


def test_threads_that_begin_at_the_same_time_share_one_connection() -> None:
    storage = storages["default"]
    with ThreadPoolExecutor(8) as threads:
        connections = list(threads.map(lambda _: storage.connection, range(8)))  # type: ignore[attr-defined]
    assert len(set(map(id, connections))) == 1


def test_a_file_is_not_lost_because_a_setting_names_no_bucket(settings: Settings) -> None:
    name = default_storage.save("a/b.webp", ContentFile(b"all of it"))
    options = settings.STORAGES["default"]["OPTIONS"] | {"bucket_name": "nothing-has-this-name"}
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": options}
    }
    with pytest.raises(StoreError):
        default_storage.exists(name)


def test_files_are_deleted_outside_of_transactions(
    ana: User, bookmark: Bookmark, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite, nobody else can write until a transaction ends, and a store may hang."""
    bookmark(ana)
    Image.objects.all().delete()
    delete, in_transactions = ObjectStorage.delete, []

    def record(storage: ObjectStorage, name: str) -> None:
        in_transactions.append(connection.in_atomic_block)
        delete(storage, name)

    monkeypatch.setattr(ObjectStorage, "delete", record)
    ImageFile.objects.get().delete()
    assert len(in_transactions) == 9
    assert not any(in_transactions)
