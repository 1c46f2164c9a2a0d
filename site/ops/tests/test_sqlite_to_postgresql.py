"""A site moves from SQLite to PostgreSQL by the commands in docs/deploying.md."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tools.servers.postgres import own_postgres, program_folder

WRITE = """
from django.contrib.auth.models import User
from django.db import transaction
from images.models import Image
from images.sanitize import sanitize
from people.models import Contact
from testing.image_files import image_file
gone, ana, ben = (User.objects.create_user(name) for name in ("gone", "ana", "ben"))
# The keys have a gap, so they would change if the rows were numbered again.
gone.delete()
Contact.objects.follow(ana, ben)
image = Image.objects.bookmark(ben, sanitize(image_file("teal", (40, 30))), title="A bird")
image.like(ana)
# The deletion of an image with many likes was interrupted.
hidden = Image.objects.bookmark(ben, sanitize(image_file("navy", (40, 30))), title="Gone")
hidden.like(ana)
Image.objects.filter(pk=hidden.pk).update(deletion_began=hidden.created)
"""
READ = """
import json
from django.contrib.auth.models import User
from images.models import Image
from people.models import Contact
from stream.models import Action
print(json.dumps({
    "people": [[user.pk, user.username, user.profile.pk] for user in User.objects.order_by("pk")],
    "follows": [[f.user_from.username, f.user_to.username] for f in Contact.objects.all()],
    "images": [[i.title, i.user.username, i.image.name] for i in Image.objects.all()],
    "likes": [[u.username for u in image.users_like.all()] for image in Image.objects.all()],
    "actions": sorted([a.user.username, a.verb, str(a.target)] for a in Action.objects.all()),
}))
"""
SIGN_UP = "from django.contrib.auth.models import User; User.objects.create_user('cleo')"


def manage(url: str, folder: Path, *arguments: str) -> str:
    environment = {"DATABASE_URL": url, "MEDIA_ROOT": str(folder / "media")}
    return subprocess.check_output(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        text=True,
    )


def shell(url: str, folder: Path, code: str) -> str:
    return manage(url, folder, "shell", "--verbosity=0", f"--command={code}")


@pytest.fixture
def postgresql() -> Iterator[str]:
    if not program_folder():
        pytest.skip("PostgreSQL is not installed.")
    with own_postgres() as (url, _):
        yield url


def test_all_rows_are_moved_and_new_people_can_sign_up(tmp_path: Path, postgresql: str) -> None:
    sqlite = f"sqlite:///{tmp_path / 'db.sqlite3'}"
    manage(sqlite, tmp_path, "migrate", "--verbosity=0")
    shell(sqlite, tmp_path, WRITE)
    before: dict[str, Any] = json.loads(shell(sqlite, tmp_path, READ))
    assert all(before.values())
    page = (settings.BASE_DIR / "docs/deploying.md").read_text()
    [dump] = [line for line in page.splitlines() if " magpie dumpdata " in line]
    arguments = dump.partition("magpie ")[2].replace("var/magpie.json", f"{tmp_path}/magpie.json")
    manage(sqlite, tmp_path, *arguments.split())
    manage(postgresql, tmp_path, "migrate", "--verbosity=0")
    manage(postgresql, tmp_path, "loaddata", f"{tmp_path}/magpie.json")
    assert json.loads(shell(postgresql, tmp_path, READ)) == before
    shell(postgresql, tmp_path, SIGN_UP)
