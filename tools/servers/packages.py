"""Programs of the system, and the Debian packages that have them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

IS_ROOT = os.geteuid() == 0
# Debian asks this script before it starts a service that was just installed.
POLICY = Path("/usr/sbin/policy-rc.d")
FORBID_SERVICES = "#!/bin/sh\nexit 101\n"


def find(name: str) -> str | None:
    """Return the path of a program, which may be one for administrators."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def program(name: str, hint: str) -> str:
    """Return the path of a program, or exit with a hint."""
    return find(name) or sys.exit(hint)


def get_program(name: str, hint: str) -> None:
    """Install the package with a program's name if it is missing, or exit with a hint."""
    if not find(name):
        install(name)
    program(name, hint)


def run(*command: str) -> bool:
    """Run a command, and return whether that worked."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def install(*packages: str) -> bool:
    """Install Debian packages without starting services, and return whether that worked."""
    if not IS_ROOT or not shutil.which("apt-get"):
        return False
    with services_stopped():
        run("apt-get", "update")
        command = ("apt-get", "install", "--yes", "--no-install-recommends")
        # One by one, because apt-get installs none if one cannot be found.
        worked = [run(*command, package) for package in packages]
    return all(worked)


@contextmanager
def services_stopped() -> Iterator[None]:
    """Keep Debian from starting the services of packages that are installed in the block."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text(FORBID_SERVICES)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
