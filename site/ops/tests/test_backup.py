"""Backup and restore: the database and the files in one archive."""

import stat
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.db import connection

from images.models import Image
from images.old_files import rename
from images.sanitize import sanitize
from ops.tests.archives import rows, run
from testing.image_files import image_file
from testing.stored_files import lose_files, store, stored_files

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_storage")]
Bookmark = Callable[..., Image]
COLOURS = "teal navy olive plum salmon orchid".split()


def test_a_restore_brings_back_rows_and_files(
    ana: User, ben: User, bookmark: Bookmark, file: Path
) -> None:
    bookmark(ana, colour="teal")
    damaged = bookmark(ana, colour="navy").image.name
    ana.profile.photo.save("ana.webp", ContentFile(image_file("teal", (40, 30))))
    files_before, rows_before = stored_files(), rows()
    run("backup", file)
    store(damaged, b"hello")
    Image.objects.filter(user=ana).delete()
    bookmark(ben, colour="olive")
    ana.profile.photo.save("ana.webp", ContentFile(image_file("navy", (40, 30))))
    run("restore", "--replace", file)
    assert rows() == rows_before
    # Files that came later stay until `prune` finds them without a row.
    assert stored_files().items() >= files_before.items()
    run("audit")


@pytest.mark.disk
def test_only_the_owner_and_the_group_can_read_restored_files(
    ana: User, bookmark: Bookmark, file: Path
) -> None:
    bookmark(ana)
    run("backup", file)
    lose_files()
    run("restore", "--replace", file)
    modes = {(p.is_dir(), stat.S_IMODE(p.stat().st_mode)) for p in file.parent.glob("media/**/*")}
    assert modes == {(True, 0o2750), (False, 0o640)}


def test_only_the_owner_can_read_a_backup(ana: User, file: Path) -> None:
    run("backup", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir() if path.name != "media"] == [file.name]


def test_a_backup_is_not_overwritten(
    ana: User, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("an older one")
    # Nobody waits for a large backup that cannot get its name.
    monkeypatch.setattr("ops.management.commands.backup.write", lambda _: pytest.fail("written"))
    with pytest.raises(CommandError, match=file.name):
        run("backup", file)
    assert file.read_text() == "an older one"


def test_a_backup_is_never_written_to_the_public_files(ana: User) -> None:
    with pytest.raises(CommandError, match="Everyone can read"):
        run("backup", Path(settings.MEDIA_ROOT) / "magpie.tar")


def test_files_that_are_being_written_are_left_out(
    ana: User, bookmark: Bookmark, file: Path
) -> None:
    image = bookmark(ana)
    store(".incoming-x", b"half")
    run("backup", file)
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert f"media/{image.image.name}" in names
    assert len(names) == len(set(names)) == 3 + 4


@pytest.mark.disk
def test_a_file_with_two_names_is_restored_under_both(
    ana: User, bookmark: Bookmark, file: Path
) -> None:
    image = bookmark(ana)
    assert image.file
    # For a day, the old name and the new one are of one file.
    rename(image.file)
    before = stored_files()
    run("backup", file)
    lose_files()
    run("restore", "--replace", file)
    assert stored_files() == before


@pytest.mark.disk
def test_a_folder_on_another_disk_is_in_the_backup(
    ana: User, bookmark: Bookmark, file: Path, tmp_path: Path
) -> None:
    image = bookmark(ana)
    folder = Path(settings.MEDIA_ROOT, "images")
    folder.rename(tmp_path / "disk")
    folder.symlink_to(tmp_path / "disk")
    run("backup", file)
    folder.unlink()
    run("restore", "--replace", file)
    assert default_storage.exists(str(image.image.name))


@contextmanager
def people_at_work() -> Iterator[list[int]]:
    """Let people save and delete images and change photos inside the block; yield the count."""
    end, count = Event(), [0]
    pictures = [sanitize(image_file(colour, (40, 30))) for colour in COLOURS]
    photo = image_file("teal", (40, 30))

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


def test_backups_made_while_people_save_and_delete_lack_no_file(
    ana: User, bookmark: Bookmark, tmp_path: Path
) -> None:
    for colour in COLOURS[:3]:
        bookmark(ana, colour=colour)
    archives = [tmp_path / f"{number}.tar" for number in range(5)]
    with people_at_work() as count:
        for path in archives:
            before = count[0]
            while count[0] < before + 5:
                time.sleep(0.01)
            run("backup", path)
    for path in archives:
        lose_files()
        run("restore", "--replace", path)
        for image in Image.objects.all():
            assert default_storage.exists(str(image.image.name))
        assert ana.images_created.count() == 3


def test_a_site_with_people_is_restored_only_with_replace(
    ana: User, bookmark: Bookmark, file: Path
) -> None:
    bookmark(ana)
    files_before, rows_before = stored_files(), rows()
    run("backup", file)
    with pytest.raises(CommandError, match="--replace"):
        run("restore", file)
    User.objects.all().delete()
    lose_files()
    run("restore", file)
    assert (stored_files(), rows()) == (files_before, rows_before)
