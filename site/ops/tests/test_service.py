"""The systemd services have no more rights than they need."""

import shutil
import subprocess

import pytest
from django.conf import settings

SERVICES = ("magpie", "magpie-prune")
# From 0 to 10; systemd-analyze takes ten times as much.
MOST_EXPOSED = 1.5


def sandbox(name: str) -> set[str]:
    """The lines of a service that limit what it can do."""
    lines = (settings.BASE_DIR / f"deploy/{name}.service").read_text().splitlines()
    return set(lines[lines.index("ProtectSystem=strict") :]) - {"", "[Install]"}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("name", SERVICES)
def test_systemd_finds_little_exposed(name: str) -> None:
    words = ["systemd-analyze", "security", "--offline=true", "--no-pager"]
    words += [f"--threshold={MOST_EXPOSED * 10:.0f}", f"deploy/{name}.service"]
    looked = subprocess.run(
        words, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert looked.returncode == 0, looked.stdout + looked.stderr


def test_the_timer_can_do_no_more_than_the_site() -> None:
    assert sandbox("magpie") - {"WantedBy=multi-user.target"} == sandbox("magpie-prune")


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_of_others_are_out_of_reach(name: str) -> None:
    assert {
        "ProtectHome=yes",
        "ProtectProc=invisible",
        "PrivateUsers=yes",
        "MemoryDenyWriteExecute=yes",
        "SystemCallFilter=~@privileged @resources",
    } <= sandbox(name)
