"""Browsers read uploads from another host, such as a CDN, if MEDIA_URL names one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import override_settings
from playwright.sync_api import Page, Request, expect

from config.settings.storage import storages_at
from e2e.pages import loaded_width
from images.models import Image
from testing.image_files import image_file
from tools.servers.seaweedfs import BUCKET, store_url
from tools.servers.site import serving


@pytest.fixture(scope="module")
def media_url(store_endpoint: str) -> str:
    """Return an address below which everybody can read the files of a store."""
    return f"{store_endpoint}/{BUCKET}/"


@pytest.fixture(scope="module")
def far_site(
    store_endpoint: str, media_url: str, server_environment: dict[str, str]
) -> Iterator[str]:
    """Serve a site whose uploads are in a store, and yield its address."""
    own = {"STORAGE_URL": store_url(store_endpoint), "MEDIA_URL": media_url}
    with serving(**(server_environment | own)) as url:
        yield url


@pytest.fixture(autouse=True)
def on_the_same_store(store_endpoint: str, media_url: str) -> Iterator[None]:
    """Let the test use the store of the site."""
    storages = settings.STORAGES | storages_at(store_url(store_endpoint), settings.MEDIA_ROOT)
    with override_settings(STORAGES=storages, MEDIA_URL=media_url):
        yield


def test_images_and_photos_come_from_there_alone(
    page: Page,
    viewer: User,
    far_site: str,
    media_url: str,
    bookmark: Callable[..., Image],
) -> None:
    viewer.profile.photo.save("ana.webp", ContentFile(image_file("teal", (40, 30))))
    image = bookmark(viewer, size=(900, 600))
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    for path in ("/images/", image.get_absolute_url(), "/people/ana/"):
        page.goto(f"{far_site}{path}")
        page.wait_for_load_state("networkidle")
        assert page.locator("main img").count()
        for each in page.locator("main img").all():
            assert str(each.evaluate("image => image.currentSrc")).startswith(media_url)
            assert each.evaluate("image => image.decode().then(() => image.naturalWidth)")
    files = [request for request in sent if request.resource_type == "image"]
    far = [request for request in files if request.url.startswith(media_url)]
    assert far
    # The store need not know which page somebody looks at.
    assert not any(request.all_headers().get("referer") for request in far)


def test_an_upload_is_shown_from_there(
    page: Page, viewer: User, far_site: str, tmp_path: Path
) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(image_file("orange", (500, 300)))
    page.goto(f"{far_site}/images/add/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Title").fill("A find")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="A find")).to_be_visible()
    assert loaded_width(page, "main img")
