"""Functions for tests of backups: run commands, list rows, and change archives."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from images.models import Image
from people.models import Profile

Members = dict[str, tuple[tarfile.TarInfo, bytes]]


def run(*args: str | Path) -> str:
    """Run a command, and return what it prints."""
    output = io.StringIO()
    try:
        call_command(*map(str, args), stdout=output, stderr=output)
    except CommandError as error:
        error.add_note(output.getvalue())
        raise
    return output.getvalue()


def rows() -> object:
    """Return all rows that a restore has to bring back."""
    return [list(model.objects.order_by("pk").values()) for model in (User, Profile, Image)]


def rewrite(path: Path, change: Callable[[Members], object]) -> None:
    """Write an archive again with its members changed."""
    members: Members = {}
    with tarfile.open(path) as tar:
        for member in tar:
            file = tar.extractfile(member)
            assert file
            members[member.name] = member, file.read()
    change(members)
    with tarfile.open(path, "w") as tar:
        for member, content in members.values():
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def smuggle(
    name: str, kind: bytes = tarfile.REGTYPE, target: str = ""
) -> Callable[[Members], object]:
    """Return a change that adds a member of that name, or a link to a target."""
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    content = b"hello" if kind == tarfile.REGTYPE else b""
    return lambda members: members.update({name: (member, content)})
