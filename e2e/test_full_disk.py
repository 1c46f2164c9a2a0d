"""On a full disk, an upload is refused with a message, and works once there is room."""

import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import is_marked, mark
from images.models import Image
from testing.image_files import picture
from tools.servers.site import serving_process

# Less than the smallest image has.
ROOM = 1_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the site keeps its files, the passing ones in a folder of their own."""
    (tmp_path / "media").mkdir()
    (tmp_path / "passing").mkdir()
    return tmp_path


@pytest.fixture
def limit(server_environment: dict[str, str], folder: Path) -> Iterator[Callable[[int], str]]:
    """Let no file of the site grow beyond a size, which Linux counts for each process."""
    places = {"MEDIA_ROOT": str(folder / "media"), "TMPDIR": str(folder / "passing")}
    # What counts requests would be refused first.
    elsewhere = {"CACHE_URL": "dummycache://"}
    # Python 3.13.0 leaves half a file of bytecode on a full disk, and fails on it ever after.
    elsewhere |= {"PYTHONDONTWRITEBYTECODE": "1"}
    with serving_process(None, **(server_environment | places | elsewhere)) as (server, url):
        (worker,) = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()

        def limit(size: int) -> str:
            _, most = resource.prlimit(int(worker), resource.RLIMIT_FSIZE)
            resource.prlimit(int(worker), resource.RLIMIT_FSIZE, (size, most))
            return url

        yield limit


@pytest.mark.parametrize("rest", [0, 3_000_000], ids=["small", "large"])
def test_an_upload_to_a_full_disk_is_refused_and_works_when_there_is_room(
    page: Page,
    viewer: User,
    folder: Path,
    limit: Callable[[int], str],
    scripts: bool,
    expect_complaint: Callable[[str], None],
    rest: int,
) -> None:
    upload = folder / "bird.jpg"
    upload.write_bytes(picture("teal", (300, 200)) + Random(1).randbytes(rest))
    page.goto(limit(ROOM) + "/images/add/")
    page.get_by_label("Or a file from your device").set_input_files(upload)
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
        page.get_by_label("Or a file from your device").set_input_files(upload)
        page.get_by_label("Title").fill("A bird")
    expect_complaint("507")
    assert [path for path in folder.rglob("*") if path.is_file()] == [upload]
    assert not Image.objects.exists()
    limit(resource.RLIM_INFINITY)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your image is saved.")).to_be_visible()
    assert Image.objects.get().user == viewer
