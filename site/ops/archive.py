"""Archives of database and media: a tar of both, and at its end a manifest that vouches for them.

By hand: `sha256sum --check` of `manifest.json.sha256` vouches for the manifest, and the manifest
for all else.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from django.core.management import CommandError

FORMAT = 1
MANIFEST, CHECK = "manifest.json", "manifest.json.sha256"
MEDIA = "media/"
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """What an archive holds, and what it was made by."""

    created: str
    vendor: str
    server: str
    django: str
    migrations: list[str]
    counts: dict[str, int]
    # Files that rows name, and that were gone before the backup.
    lost: list[str]
    # The checksum of each member.
    sha256: dict[str, str]
    format: int = FORMAT


class Hashed:
    """A file whose checksum grows as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        return data


def write(path: Path, members: Iterable[tuple[str, Path]], **facts: Any) -> Manifest:
    """Write an archive of the members, each a name and where it lies, that is safe on the disk."""
    path.touch(0o600, exist_ok=False)
    with path.open("wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            digests = {name: add_file(tar, name, source) for name, source in members}
            manifest = Manifest(sha256=digests, **facts)
            data = json.dumps(asdict(manifest), indent=1).encode()
            check = f"{hashlib.sha256(data).hexdigest()}  {MANIFEST}\n".encode()
            add(tar, MANIFEST, io.BytesIO(data), len(data))
            add(tar, CHECK, io.BytesIO(check), len(check))
        file.flush()
        os.fsync(file.fileno())
    return manifest


def add_file(tar: tarfile.TarFile, name: str, path: Path) -> str:
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        return add(tar, name, file, status.st_size, status.st_mtime)


def add(tar: tarfile.TarFile, name: str, file: IO[bytes], size: int, changed: float = 0) -> str:
    """Add a member; returns its checksum."""
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, changed, 0o600
    hashed = Hashed(file)
    tar.addfile(member, hashed)
    return hashed.digest.hexdigest()


def verify(path: Path, folder: Path) -> Manifest:
    """Return the manifest of an archive that is whole, and safe to unpack in `folder`."""
    try:
        digests, kept = read(path, folder)
        data = kept[MANIFEST]
        if kept[CHECK].split()[0].decode() != hashlib.sha256(data).hexdigest():
            raise CommandError("This archive is damaged: its manifest has changed.")
        told = json.loads(data)
        if told["format"] != FORMAT:
            raise CommandError("This archive is of a newer Magpie, whose format is another.")
        manifest = Manifest(**told)
    except (tarfile.TarError, LookupError, TypeError, ValueError) as error:
        raise CommandError(f"This is no archive of Magpie, or a damaged one: {error}") from error
    wrong = manifest.sha256.items() ^ digests.items()
    if wrong:
        raise CommandError(f"This archive is damaged: {min(wrong)[0]} is not what it was.")
    return manifest


def read(path: Path, folder: Path) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the checksums of the members, and what stands in those about the archive itself."""
    digests: dict[str, str] = {}
    kept: dict[str, bytes] = {}
    with tarfile.open(path, "r:") as tar:
        for member in tar:
            file = tar.extractfile(tarfile.data_filter(member, str(folder)))
            if not (file and member.isreg() and is_ours(member.name)) or member.name in digests:
                raise CommandError(f"This archive holds what none of ours does: {member.name}.")
            if member.name in {MANIFEST, CHECK}:
                kept[member.name] = file.read()
                continue
            hashed = Hashed(file)
            while hashed.read(CHUNK):
                pass
            digests[member.name] = hashed.digest.hexdigest()
    return digests, kept


def is_ours(name: str) -> bool:
    """Say whether a backup could have written a member of that name."""
    return name.startswith((MEDIA, "database.", "manifest.")) and "/." not in name


def unpack(path: Path, folder: Path) -> None:
    """Unpack an archive that was verified."""
    with tarfile.open(path, "r:") as tar:
        tar.extractall(folder, filter="data")
