"""The proxy reads uploads from an object store, with the headers that they have on disk."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import override_settings

from config.settings.storage import storages_at
from images.models import Image
from testing.headers import POLICY_OF_UPLOADS, check_headers, check_upload
from tools.servers import nginx
from tools.servers.seaweedfs import empty_buckets, store_url
from tools.servers.site import free_port, serving_at_socket

type Send = Callable[..., urllib3.BaseHTTPResponse]
LATE = "images/ab/0123456789abcdef0123456789abcdef.webp"


@pytest.fixture(scope="module")
def send(
    store_endpoint: str,
    server_environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Send]:
    """Yield a function that sends requests to the site through nginx."""
    folder = tmp_path_factory.mktemp("deployed")
    own = {"STORAGE_URL": store_url(store_endpoint)}
    # Other tests leave their files there.
    empty_buckets(store_endpoint)
    with (
        serving_at_socket(folder / "socket", **(server_environment | own)),
        nginx.deployed(folder, store=store_endpoint) as proxy,
    ):
        yield proxy.send


@pytest.fixture
def image(ana: User, bookmark: Callable[..., Image], store_endpoint: str) -> Iterator[Image]:
    own = storages_at(store_url(store_endpoint), settings.MEDIA_ROOT)
    with override_settings(STORAGES=settings.STORAGES | own):
        storages["drafts"].save("x.webp", ContentFile(b"<script>"))
        yield bookmark(ana, "A bird")


def test_uploads_have_all_headers(send: Send, image: Image) -> None:
    for url in (image.image.url, *(image.image.urls[alias] for alias in image.image.shown)):
        check_upload(send, url)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "?list-type=2",
        "images/?list-type=2",
        "images/00/none.webp",
        "%2e%2e/magpie-drafts/x.webp",
        "%00",
    ],
)
def test_nothing_else_can_be_read_or_listed(send: Send, image: Image, path: str) -> None:
    response = send(f"/media/{path}")
    assert response.status in {400, 404}
    assert b"Contents" not in response.data
    if "X-Request-ID" in response.headers:
        check_headers(response.headers)


def test_uploads_cannot_be_changed(send: Send, image: Image) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert send(image.image.url, method).status in {403, 405}
    assert send(f"{image.image.url}?acl").headers["Content-Type"].startswith("image/")


def test_files_that_are_still_on_disk_are_served_too(
    send: Send, server_environment: dict[str, str]
) -> None:
    file = Path(server_environment["MEDIA_ROOT"], LATE)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"RIFF")
    response = send(f"/media/{LATE}")
    assert (response.status, response.data) == (200, b"RIFF")
    check_headers(response.headers, POLICY_OF_UPLOADS)


def test_while_the_store_is_away_magpie_is_not_asked(tmp_path: Path) -> None:
    """It would wait for the store, and have no threads left for pages."""
    with nginx.deployed(tmp_path, store=f"http://127.0.0.1:{free_port()}") as proxy:
        response = proxy.send(f"/media/{LATE}")
    assert response.status == 503
    assert response.headers["Retry-After"]
    check_headers(response.headers, POLICY_OF_UPLOADS)
