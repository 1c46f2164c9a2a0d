"""A backup holds database and files of one moment, and restores both."""

import shutil
import stat
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import django
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import CommandError
from django.db import connection

from images.models import Image
from images.sanitize import clean
from ops.archive import verify
from ops.databases import file_names
from ops.management.commands.backup import frozen
from ops.media import Links
from ops.postgresql import program
from ops.tests.archives import run, state
from testing.image_files import picture

pytestmark = pytest.mark.django_db(transaction=True)
Bookmark = Callable[..., Image]
COLOURS = "teal navy olive plum salmon orchid".split()


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "magpie.tar"


def test_a_restore_brings_back_the_state_of_the_backup(
    ana: User, ben: User, bookmark: Bookmark, file: Path
) -> None:
    bookmark(ana, colour="teal")
    gone = bookmark(ana, colour="navy")
    ana.profile.photo.save("ana.webp", ContentFile(picture("teal", (40, 30))))
    before = state()
    run("backup", file)
    gone.delete()
    bookmark(ben, colour="olive")
    ana.profile.photo.save("ana.webp", ContentFile(picture("navy", (40, 30))))
    assert state() != before
    run("restore", "--replace", file)
    assert state() == before
    run("audit")


def test_only_its_owner_can_read_a_backup(ana: User, file: Path) -> None:
    run("backup", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir() if path.name != "media"] == [file.name]


def test_a_backup_is_not_overwritten(ana: User, file: Path) -> None:
    file.write_text("an older one")
    with pytest.raises(CommandError, match="there already"):
        run("backup", file)
    assert file.read_text() == "an older one"


def test_a_backup_never_lies_where_everybody_can_read_it(ana: User) -> None:
    with pytest.raises(CommandError, match="Everybody"):
        run("backup", Path(settings.MEDIA_ROOT) / "magpie.tar")


def test_files_that_no_row_names_are_left_out(ana: User, bookmark: Bookmark, file: Path) -> None:
    image = bookmark(ana)
    (Path(settings.MEDIA_ROOT) / "images" / "half.jpg").write_bytes(b"half")
    run("backup", file)
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert f"media/{image.image.name}" in names
    assert "media/images/half.jpg" not in names


def test_a_missing_file_is_reported(
    ana: User, bookmark: Bookmark, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = bookmark(ana)
    Path(image.image.path).unlink()
    assert f"A row names {image.image.name}, which is not there." in run("backup", file)
    assert file.exists()


def test_the_manifest_lists_the_archive(
    ana: User, ben: User, bookmark: Bookmark, file: Path
) -> None:
    bookmark(ana)
    run("backup", file)
    manifest = verify(file, file.parent)
    assert manifest.vendor == connection.vendor
    assert manifest.django == django.__version__
    assert "images.0003_thumbnails_by_width" in manifest.migrations
    assert manifest.counts["auth.User"] == manifest.counts["people.Profile"] == 2
    assert manifest.counts["images.Image"] == manifest.counts["stream.Action"] == 1
    assert len(manifest.sha256) == 1 + 3


def test_a_program_that_is_missing_is_named() -> None:
    with pytest.raises(CommandError, match="pg_nothing is missing: install"):
        program("pg_nothing")


class SlowLinks(Links):
    """Links that are added while somebody deletes the file of an image, and of a photo."""

    def add_originals(self, names: set[str]) -> set[str]:
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join(0.5)
            assert thread.is_alive()
        return super().add_originals(names)

    def __init__(self, folder: Path, *deletions: Callable[[], object]) -> None:
        super().__init__(folder)

        def closing(delete: Callable[[], object]) -> None:
            delete()
            connection.close()

        self.threads = [Thread(target=closing, args=[one]) for one in deletions]


def test_a_deletion_waits_while_files_are_linked(
    ana: User, bookmark: Bookmark, tmp_path: Path
) -> None:
    image = bookmark(ana)
    ana.profile.photo.save("ana.webp", ContentFile(picture("teal", (40, 30))))
    names = {image.image.name, ana.profile.photo.name}
    ana.profile.photo = ""  # type: ignore[assignment]
    links = SlowLinks(tmp_path / "links", image.delete, ana.profile.save)
    with frozen(links) as reader:
        for thread in links.threads:
            thread.join()
        assert names <= links.names
        assert file_names(reader) == names
    assert not [name for name in names if (tmp_path / "media" / name).exists()]


@contextmanager
def many_at_work() -> Iterator[list[int]]:
    """Let people bookmark, delete and change their photo all the while; yields how often."""
    end, count = Event(), [0]
    pictures = [clean(picture(colour, (40, 30))) for colour in COLOURS]
    photo = picture("teal", (40, 30))

    def work(number: int) -> None:
        user = User.objects.create_user(f"person{number}")
        while not end.is_set():
            image = Image.objects.bookmark(user, pictures[count[0] % 6], title="A bird")
            user.profile.photo.save("x.webp", ContentFile(photo))
            image.delete()
            count[0] += 1
        connection.close()

    threads = [Thread(target=work, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield count
    finally:
        end.set()
        for thread in threads:
            thread.join()


def test_no_row_is_without_its_file_while_others_delete(
    ana: User, bookmark: Bookmark, tmp_path: Path
) -> None:
    for colour in COLOURS[:3]:
        bookmark(ana, colour=colour)
    archives = [tmp_path / f"{number}.tar" for number in range(5)]
    with many_at_work() as count:
        for path in archives:
            before = count[0]
            while count[0] < before + 5:
                time.sleep(0.01)
            assert "which is not there" not in run("backup", path)
    for path in archives:
        run("restore", "--replace", path)
        run("audit")
        assert ana.images_created.count() == 3


def test_a_database_without_people_is_restored_without_a_word(
    ana: User, bookmark: Bookmark, file: Path
) -> None:
    bookmark(ana)
    before = state()
    run("backup", file)
    with pytest.raises(CommandError, match="--replace"):
        run("restore", file)
    User.objects.all().delete()
    shutil.rmtree(settings.MEDIA_ROOT)
    run("restore", file)
    assert state() == before
