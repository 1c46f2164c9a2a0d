"""A site with an object behind every URL, and the sessions of four people who request it."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone
from django_ox.models import OxTask

from config.settings.environment import DEFAULTS
from images.models import Image
from images.sanitize import sanitize
from people.models import Contact
from stream.models import Action
from testing.fixtures.people import PASSWORD
from testing.image_files import image_file
from testing.stored_files import store

# A site does not need these to read its settings.
NOT_COPIED = shutil.ignore_patterns("__pycache__", "locale", "static", "tests")
PRINT_SETTING = "import json, sys; from django.conf import settings; \
json.dump(getattr(settings, sys.argv[1]), sys.stdout, default=str)"


@pytest.fixture
def load_settings() -> Callable[..., dict[str, Any]]:
    """Return the settings with only these environment variables set."""

    def load_settings(**environment: str) -> dict[str, Any]:
        with pytest.MonkeyPatch.context() as patch:
            for name in DEFAULTS:
                patch.delenv(name, raising=False)
            for name, value in ({"SECRET_KEY": "x" * 50} | environment).items():
                patch.setenv(name, value)
            for name in [name for name in sys.modules if name.startswith("config.settings")]:
                patch.delitem(sys.modules, name)
            try:
                return dict(vars(import_module("config.settings")))
            finally:
                for name in [name for name in sys.modules if name.startswith("config.settings")]:
                    del sys.modules[name]

    return load_settings


@pytest.fixture(scope="session")
def bare_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site without a `var/` and without a `.env`."""
    folder = tmp_path_factory.mktemp("bare")
    shutil.copytree(settings.BASE_DIR / "site", folder / "site", ignore=NOT_COPIED)
    return folder


@pytest.fixture
def settings_of(bare_site: Path) -> Callable[..., Any]:
    """Return a setting of the bare site, in an environment with these variables and no others."""

    def settings_of(name: str, **environment: str) -> Any:
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
        environment["PYTHONPATH"] = str(bare_site / "site")
        command = [sys.executable, "-c", PRINT_SETTING, name]
        return json.loads(
            subprocess.run(
                command, cwd=bare_site, env=environment, check=True, capture_output=True
            ).stdout
        )

    return settings_of


@pytest.fixture(scope="session")
def password_hash() -> str:
    return make_password(PASSWORD)


@pytest.fixture
def owner(ana: User, ben: User, password_hash: str) -> User:
    """Ana, who owns the objects behind all URLs. All people have the same password."""
    User.objects.create_superuser("cleo")
    User.objects.update(password=password_hash)
    Contact.objects.follow(ana, ben)
    EmailAddress.objects.create(user=ana, email="ana@example.org", primary=True)
    return User.objects.get(username="ana")


@pytest.fixture
def image(owner: User) -> Image:
    return Image.objects.bookmark(owner, sanitize(image_file("teal", (60, 40))), title="A bird")


@pytest.fixture
def sessions(owner: User) -> dict[str, str]:
    """The session keys of a signed-out person, another person, the owner and the staff."""
    sessions = {"signed out": ""}
    for name, username in {"other": "ben", "owner": "ana", "staff": "cleo"}.items():
        client = Client()
        client.force_login(User.objects.get(username=username))
        sessions[name] = client.cookies["sessionid"].value
    return sessions


@pytest.fixture
def path(owner: User, image: Image) -> Callable[[str], str]:
    """Return a path that matches a URL pattern, and behind which there is an object."""
    store("people/x.webp", b"RIFF")
    arguments: dict[str, object] = {
        "username": "ana",
        "pk": image.pk,
        "slug": image.slug,
        "key": "x",
        "uidb36": "1",
        "id": owner.pk,
        "content_type_id": ContentType.objects.get_for_model(Image).pk,
        "app_label": "people",
        "url": "nowhere/",
        "path": "people/x.webp",
    }
    objects = {
        "auth/group": Group.objects.create(name="A group").pk,
        "auth/user": owner.pk,
        "people/profile": owner.profile.pk,
        "people/contact": Contact.objects.get().pk,
        "django_ox/oxtask": OxTask.objects.create(enqueued_at=timezone.now()).pk,
        "stream/action": Action.objects.of(owner, "bookmarked image", image).get().pk,
        "account/emailaddress": EmailAddress.objects.get().pk,
    }

    def path(pattern: str) -> str:
        named = arguments | {"object_id": objects.get("/".join(pattern.split("/")[2:4]), image.pk)}
        return re.sub(r"<(\w+)>", lambda match: str(named[match[1]]), pattern)

    return path
