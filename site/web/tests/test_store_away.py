"""While the object store is away, pages work, and what needs it is refused for the moment."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError, ResponseStreamingError
from botocore.httpsession import URLLib3Session
from botocore.response import StreamingBody
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.test import Client

from images.models import Image
from imaging.object_storage import StoreError
from testing.image_files import image_file
from web import health

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def image(on_a_store: Path, ana: User, bookmark: Callable[..., Image]) -> Image:
    return bookmark(ana)


@pytest.fixture
def as_ana(ana: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(ana)
    return client


@pytest.fixture
def away(image: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(session: object, request: object) -> None:
        raise EndpointConnectionError(endpoint_url="http://store")

    monkeypatch.setattr(URLLib3Session, "send", refuse)
    health.failures.cache_clear()


@pytest.mark.usefixtures("away")
def test_pages_work(as_ana: Client, image: Image) -> None:
    for path in ("/images/", image.get_absolute_url(), "/people/ana/"):
        assert as_ana.get(path).status_code == 200


@pytest.mark.usefixtures("away")
def test_an_upload_is_refused_and_may_be_tried_again(as_ana: Client) -> None:
    upload = BytesIO(image_file("navy", (60, 40)))
    upload.name = "a.png"
    form = {"title": "A bird", "url": "", "description": "", "upload": upload}
    response = as_ana.post("/images/add/", form)
    assert response.status_code == 503
    assert response["Retry-After"]
    assert Image.objects.count() == 1


@pytest.mark.usefixtures("away")
def test_a_file_is_refused_for_the_moment_and_is_not_missing(as_ana: Client, image: Image) -> None:
    assert as_ana.get(image.image.url).status_code == 503


@pytest.mark.usefixtures("away")
def test_the_site_is_not_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "media" in response.content.decode()


@pytest.mark.usefixtures("away")
def test_all_methods_raise_one_error() -> None:
    for method in ("exists", "open", "delete", "size", "listdir"):
        with pytest.raises(StoreError):
            getattr(default_storage, method)("a/b.webp")
    with pytest.raises(StoreError):
        list(default_storage.files())  # type: ignore[attr-defined]


@pytest.mark.parametrize("method", ["read", "readline"])
def test_a_store_that_breaks_off_in_a_file_is_away(
    image: Image, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def break_off(*_: object) -> None:
        raise ResponseStreamingError(error="reset")

    monkeypatch.setattr(StreamingBody, "read", break_off)
    with default_storage.open(str(image.image.name)) as file, pytest.raises(StoreError):
        getattr(file, method)()


def test_a_store_that_can_be_written_to_is_ready(client: Client) -> None:
    health.failures.cache_clear()
    assert client.get("/readyz").status_code == 200
