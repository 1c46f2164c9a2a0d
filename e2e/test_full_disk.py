"""On a full disk, an upload is refused with a message, and works once there is room."""

import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.pages import is_marked, mark
from images.models import Image
from testing.image_files import image_file
from tools.servers.site import serving_process

# Fewer bytes than the smallest image file.
TOO_LITTLE = 1_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the site's uploads and temporary files."""
    (tmp_path / "media").mkdir()
    (tmp_path / "temporary").mkdir()
    return tmp_path


@pytest.fixture
def limit(server_environment: dict[str, str], folder: Path) -> Iterator[Callable[[int], str]]:
    """Yield a function that limits the size of files the site writes, and returns its address."""
    settings = {"MEDIA_ROOT": str(folder / "media"), "TMPDIR": str(folder / "temporary")}
    # Counting requests in the database would fail before the upload does.
    settings |= {"CACHE_URL": "dummycache://", "WORKERS": "1"}
    # On a full disk, Python 3.13.0 leaves incomplete bytecode files, and cannot load them later.
    settings |= {"PYTHONDONTWRITEBYTECODE": "1"}
    with serving_process(None, **(server_environment | settings)) as (server, url):
        (worker,) = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()

        def limit(size: int) -> str:
            _, most = resource.prlimit(int(worker), resource.RLIMIT_FSIZE)
            resource.prlimit(int(worker), resource.RLIMIT_FSIZE, (size, most))
            return url

        yield limit


@pytest.mark.parametrize(
    "extra_bytes",
    # A large upload is received on disk, wherever it is stored.
    [pytest.param(0, marks=pytest.mark.disk, id="small"), pytest.param(3_000_000, id="large")],
)
def test_an_upload_to_a_full_disk_is_refused_and_works_when_there_is_room(
    page: Page,
    viewer: User,
    folder: Path,
    limit: Callable[[int], str],
    scripts: bool,
    expect_console_error: Callable[[str], None],
    extra_bytes: int,
) -> None:
    upload = folder / "bird.jpg"
    upload.write_bytes(image_file("teal", (300, 200)) + Random(1).randbytes(extra_bytes))
    page.goto(limit(TOO_LITTLE) + "/images/add/")
    page.get_by_label("Or files from your device").set_input_files(upload)
    page.get_by_label("Title").fill("A bird")
    if scripts:
        mark(page)
    page.get_by_role("button", name="Save").click()
    if scripts:
        expect(page.get_by_role("alert")).to_contain_text("storage is full")
        assert is_marked(page)
    else:
        expect(page.get_by_role("heading", name="Magpie’s storage is full")).to_be_visible()
        expect(page.get_by_text("Nothing was saved.")).to_contain_text("Try again later.")
        page.go_back()
        page.get_by_label("Or files from your device").set_input_files(upload)
        page.get_by_label("Title").fill("A bird")
    expect_console_error("507")
    assert [path for path in folder.rglob("*") if path.is_file()] == [upload]
    assert not Image.objects.exists()
    limit(resource.RLIM_INFINITY)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your image is saved.")).to_be_visible()
    assert Image.objects.get().user == viewer
