"""Site servers and workers. Each runs as on a machine of its own, with empty folders."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.cluster.part import Part
from tools.cluster.ports import own_port
from tools.servers.site import OPTIONS, ROOT, answers

SERVER = [sys.executable, str(ROOT / "site/web/server.py")]
MANAGE = [sys.executable, str(ROOT / "manage.py")]


FOLDERS = {"TMPDIR": "uploads", "SLOTS_ROOT": "slots", "MEDIA_ROOT": "media"}


def own_folders(folder: Path) -> dict[str, str]:
    """Return settings with which a machine shares no folder but that of the static files."""
    folder.mkdir()
    return {name: str(folder / place) for name, place in FOLDERS.items()}


def kept_files(part: Part) -> list[Path]:
    """Return the uploads on a machine's own disk, where the other machines cannot see them."""
    folders = [part.folder / FOLDERS[name] for name in ("TMPDIR", "MEDIA_ROOT")]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


class Site(Part):
    def __init__(self, name: str, folder: Path, settings: dict[str, str]) -> None:
        self.port = own_port()
        environment = own_folders(folder) | settings
        command = [*SERVER, "--port", str(self.port), "--workers-kill-timeout", "2", *OPTIONS]
        super().__init__(
            name, folder, command, self.is_up, environment=environment, working_folder=ROOT
        )

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def is_up(self) -> bool:
        return answers(f"http://{self.address}/healthz")


class Worker(Part):
    """A process that runs tasks. Nobody asks it anything."""

    def __init__(self, name: str, folder: Path, settings: dict[str, str]) -> None:
        environment = own_folders(folder) | settings
        command = [*MANAGE, "worker"]
        super().__init__(
            name, folder, command, lambda: True, environment=environment, working_folder=ROOT
        )


def manage(environment: Mapping[str, str], *arguments: str) -> None:
    """Run a command of manage.py."""
    subprocess.run([*MANAGE, *arguments], cwd=ROOT, env=environment, check=True)
