"""Backups: database and files of one moment in one archive, and back again."""

import io
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from images.clean import clean
from images.management import databases
from images.models import Image
from images.tests.web import picture
from people.models import Profile

pytestmark = pytest.mark.django_db(transaction=True)
Bookmark = Callable[..., Image]
COLOURS = "teal navy olive plum salmon orchid".split()


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "magpie.tar"


def run(*args: str | Path) -> str:
    output = io.StringIO()
    call_command(*map(str, args), stdout=output, stderr=output)
    return output.getvalue()


def state() -> object:
    """All that a backup is to bring back."""
    media = Path(settings.MEDIA_ROOT)
    files = {path: path.read_bytes() for path in media.rglob("*") if path.is_file()}
    rows = [list(model.objects.order_by("pk").values()) for model in (User, Profile, Image)]
    return files, rows


def test_what_was_there_comes_back_and_what_came_later_goes(
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


def test_nobody_else_may_read_a_backup(ana: User, file: Path) -> None:
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


def test_a_file_that_was_lost_before_is_told_of(
    ana: User, bookmark: Bookmark, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = bookmark(ana)
    Path(image.image.path).unlink()
    assert f"A row names {image.image.name}, which is not there." in run("backup", file)
    assert file.exists()


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


def test_no_row_is_without_its_file_however_much_others_delete_meanwhile(
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


@pytest.fixture
def out_of_space(database_url: str) -> Callable[..., str]:
    """Run a command where no file may grow beyond 40 kB; returns what it complains of."""

    def run(*args: str | Path) -> str:
        limit = ["sh", "-c", 'ulimit -f 80; exec "$@"', "sh"]
        environment = {"DATABASE_URL": database_url, "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
        done = subprocess.run(
            [*limit, sys.executable, "manage.py", *args],
            cwd=settings.BASE_DIR,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        return done.stderr

    return run


def test_a_full_disk_leaves_nothing_of_a_backup(
    ana: User, bookmark: Bookmark, file: Path, out_of_space: Callable[..., str]
) -> None:
    bookmark(ana)
    before = state()
    assert "CommandError" in out_of_space("backup", file)
    assert [path.name for path in file.parent.iterdir()] == ["media"]
    assert state() == before


def test_a_full_disk_leaves_what_was_before_a_restore(
    ana: User, bookmark: Bookmark, file: Path, out_of_space: Callable[..., str]
) -> None:
    bookmark(ana)
    run("backup", file)
    bookmark(ana, colour="navy")
    before = state()
    assert "CommandError" in out_of_space("restore", "--replace", file)
    assert state() == before


def test_a_restore_that_fails_half_way_leaves_what_was(
    ana: User, bookmark: Bookmark, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bookmark(ana)
    run("backup", file)
    Image.objects.get().delete()
    bookmark(ana, colour="navy")
    before = state()
    monkeypatch.setattr(databases.database(), "PATIENCE", 1)
    begun, end = Event(), Event()

    def write_for_long() -> None:
        with transaction.atomic():
            User.objects.filter(pk=ana.pk).update(first_name="Anna")
            begun.set()
            end.wait(60)
            transaction.set_rollback(True)
        connection.close()

    writer = Thread(target=write_for_long)
    writer.start()
    assert begun.wait(10)
    try:
        with pytest.raises(CommandError):
            run("restore", "--replace", file)
    finally:
        end.set()
        writer.join()
    assert state() == before


def test_a_second_command_waits_its_turn(ana: User, file: Path) -> None:
    from images.management.media import workshop

    with workshop(), pytest.raises(CommandError, match="at work already"):
        run("backup", file)
    assert not file.exists()


def test_what_a_killed_backup_left_goes_with_the_next(ana: User, file: Path) -> None:
    left = Path(settings.MEDIA_ROOT) / ".magpie-left" / "images"
    left.mkdir(parents=True)
    (left / "x.jpg").touch()
    run("backup", file)
    assert not left.exists()


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
