"""An audit finds what is wrong between rows and files, and fixes what can be fixed."""

import io
import re
from collections.abc import Callable
from fnmatch import fnmatch

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from images.models import Image
from imaging.storage import delete_all
from people.models import Profile
from stream.models import Action
from stream.record import create_action
from testing.image_files import image_file
from testing.stored_files import store, stored_names

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_storage")]
Bookmark = Callable[..., Image]
KINDS = {
    *("images without files", "missing thumbnails", "photos without files"),
    *("missing photo thumbnails", "users without profile", "actions without target"),
    *("uncounted follows", "wrong follow counts", "uncounted likes", "wrong like counts"),
    "wrong image counts",
}


@pytest.fixture
def photo(ana: User) -> str:
    """Give Ana a photo, and return its name."""
    ana.profile.photo.save("ana.webp", ContentFile(image_file("teal", (40, 30))))
    return str(ana.profile.photo.name)


def audit(*args: str) -> tuple[dict[str, tuple[int, int]], int, str]:
    """Return what was found and fixed of each kind, the exit code, and the output."""
    output, code = io.StringIO(), 0
    try:
        call_command("audit", *args, stdout=output)
    except CommandError as error:
        code = error.returncode
    figures = {}
    for line in output.getvalue().splitlines():
        kind, numbers = line[:24].strip(), line[24:].split()
        if kind in KINDS and ":" not in line:
            figures[kind] = (int(numbers[0]), int(numbers[1]))
    assert set(figures) == KINDS
    return {kind: found for kind, found in figures.items() if any(found)}, code, output.getvalue()


def assert_found_and_fixed(kind: str, count: int = 1) -> None:
    """Assert that an audit finds only faults of this kind, and fixes them with --fix."""
    assert audit()[:2] == ({kind: (count, 0)}, 1)
    assert audit("--fix")[:2] == ({kind: (count, count)}, 0)
    assert audit()[:2] == ({}, 0)


def test_an_audit_of_a_sound_site_finds_nothing(ana: User, bookmark: Bookmark, photo: str) -> None:
    bookmark(ana)
    assert audit()[:2] == ({}, 0)


def test_an_image_without_its_file_is_reported_and_kept(ana: User, bookmark: Bookmark) -> None:
    image = bookmark(ana)
    default_storage.delete(str(image.image.name))
    for args in ((), ("--fix",)):
        figures, code, output = audit(*args)
        assert figures == {"images without files": (1, 0)}
        assert code == 1
        assert f"image {image.pk}: {image.image.name}" in output
    assert Image.objects.get() == image


def test_a_photo_without_its_file_is_cleared(ana: User, photo: str) -> None:
    default_storage.delete(photo)
    assert audit()[:2] == ({"photos without files": (1, 0)}, 1)
    assert audit("--fix")[:2] == ({"photos without files": (1, 1)}, 0)
    assert not Profile.objects.get(user=ana).photo


def test_missing_thumbnails_are_made(ana: User, ben: User, bookmark: Bookmark, photo: str) -> None:
    bookmark(ana)
    bookmark(ben)
    before = stored_names()
    lost = {name for name in before if fnmatch(name, "*.*.webp")}
    assert len(lost) == 4
    delete_all(default_storage, lost)
    found = {"missing thumbnails": 2, "missing photo thumbnails": 2}
    assert audit()[:2] == ({kind: (count, 0) for kind, count in found.items()}, 1)
    assert audit("--fix")[:2] == ({kind: (count, count) for kind, count in found.items()}, 0)
    assert stored_names() == before


def test_a_thumbnail_of_a_damaged_image_cannot_be_made(ana: User, bookmark: Bookmark) -> None:
    image = bookmark(ana)
    store(str(image.image.name), b"hello")
    default_storage.delete(image.image.thumbnail_name("320w"))
    assert audit("--fix")[:2] == ({"missing thumbnails": (1, 0)}, 1)


def test_a_user_made_in_bulk_gets_a_profile(ana: User) -> None:
    User.objects.bulk_create([User(username="dora"), User(username="emil")])
    assert_found_and_fixed("users without profile", 2)
    assert User.objects.get(username="dora").profile.name == "dora"


def test_a_user_with_a_misleading_name_is_reported(ana: User) -> None:
    User.objects.bulk_create([User(username="аna")])
    assert audit("--fix")[:2] == ({"users without profile": (1, 0)}, 1)


def test_an_action_without_its_target_is_deleted(ana: User, ben: User, bookmark: Bookmark) -> None:
    image = bookmark(ana)
    image.like(ben)
    create_action(ben, "has created an account")
    # Someone who writes SQL by hand could do this.
    Action.objects.filter(user=ben, verb="likes").update(target_id=image.pk + 1)
    assert_found_and_fixed("actions without target")
    assert Action.objects.count() == 2


def test_more_images_need_no_more_queries(ana: User, bookmark: Bookmark) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert audit()[:2] == ({}, 0)
        return len(queries)

    bookmark(ana)
    before = count()
    bookmark(ana, colour="navy")
    bookmark(ana, colour="gold")
    assert count() == before


def test_of_many_faults_an_audit_prints_the_first_and_the_number_of_the_others(ana: User) -> None:
    User.objects.bulk_create(User(username=f"person{n}") for n in range(1234))
    _, code, output = audit()
    assert code == 1
    assert len(re.findall(r"without profile: user \d", output)) == 10
    assert "1,224" in output
    assert len(re.findall(r"without profile: user \d", audit("--all")[2])) == 1234


def test_on_a_terminal_an_audit_prints_how_far_it_is(
    ana: User, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = {"user": ana, "title": "Lost", "slug": "lost", "width": 1, "height": 1}
    Image.objects.bulk_create(Image(**rows, image=f"images/{n}.jpg") for n in range(1000))
    audit()
    assert "1,000" not in capsys.readouterr().err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    audit()
    assert "images: 1,000" in capsys.readouterr().err
