"""What the tests of backups do: run commands, look at what is there, and forge archives."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from images.models import Image
from people.models import Profile

Members = dict[str, tuple[tarfile.TarInfo, bytes]]


def run(*args: str | Path) -> str:
    """Run a command; returns what it prints."""
    output = io.StringIO()
    try:
        call_command(*map(str, args), stdout=output, stderr=output)
    except CommandError as error:
        error.add_note(output.getvalue())
        raise
    return output.getvalue()


def state() -> object:
    """All that a backup is to bring back."""
    media = Path(settings.MEDIA_ROOT)
    files = {path: path.read_bytes() for path in media.rglob("*") if path.is_file()}
    rows = [list(model.objects.order_by("pk").values()) for model in (User, Profile, Image)]
    return files, rows


def rewritten(path: Path, change: Callable[[Members, dict[str, Any]], object]) -> None:
    """Write an archive anew after a change of its members or its manifest, which vouches for it."""
    members: Members = {}
    with tarfile.open(path) as tar:
        for member in tar:
            file = tar.extractfile(member)
            assert file
            members[member.name] = member, file.read()
    manifest = json.loads(members.pop("manifest.json")[1])
    del members["manifest.json.sha256"]
    change(members, manifest)
    data = json.dumps(manifest).encode()
    digest = hashlib.sha256(data).hexdigest().encode()
    with tarfile.open(path, "w") as tar:
        for member, content in members.values():
            tar.addfile(member, io.BytesIO(content))
        for name, content in (("manifest.json", data), ("manifest.json.sha256", digest)):
            tar.addfile(new(name, content), io.BytesIO(content))


def new(name: str, content: bytes, kind: bytes = tarfile.REGTYPE, target: str = "") -> Any:
    """Return a member of that name, or a link to a target."""
    member = tarfile.TarInfo(name)
    member.size, member.type, member.linkname = len(content), kind, target
    return member


def smuggle(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> Any:
    """Return a change that adds a member, as if it had always been there."""
    content = b"hello" if kind == tarfile.REGTYPE else b""

    def change(members: Members, manifest: dict[str, Any]) -> None:
        members[name] = new(name, content, kind, target), content
        manifest["sha256"][name] = hashlib.sha256(content).hexdigest()

    return change
