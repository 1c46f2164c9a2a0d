"""The programs of a cluster. Run as a module, it installs those that are missing."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.servers.browser import IS_ROOT, install
from tools.servers.postgres import program_folder

# Each Debian package, and the program that is needed of it. Debian's wrapper of `postgres` is not
# on the path.
PROGRAMS = {
    "etcd-server": "etcd",
    "patroni": "patroni",
    "redis-server": "redis-server",
    "haproxy": "haproxy",
}
POSTGRES = "postgresql"
INSTALL_HINT = "A cluster needs the packages {}: install them, then try again."
# Debian asks this script before it starts a service that was just installed.
POLICY = Path("/usr/sbin/policy-rc.d")
FORBID_SERVICES = "#!/bin/sh\nexit 101\n"


def find(name: str) -> str | None:
    """Return the path of a program, which may be one for administrators."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def program(name: str) -> str:
    """Return the path of a program, or exit with the names of all missing packages."""
    return find(name) or sys.exit(INSTALL_HINT.format(" ".join(missing())))


def missing() -> list[str]:
    packages = [package for package, name in PROGRAMS.items() if not find(name)]
    return packages if program_folder() else [*packages, POSTGRES]


@contextmanager
def services_stopped() -> Iterator[None]:
    """Keep Debian from starting the services of packages that are installed in the block."""
    if not IS_ROOT or POLICY.exists():
        yield
        return
    POLICY.write_text(FORBID_SERVICES)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def main() -> None:
    """Install the packages that are missing, or exit with the names of those that cannot be."""
    if missing():
        with services_stopped():
            install(*missing())
    if missing():
        sys.exit(INSTALL_HINT.format(" ".join(missing())))


if __name__ == "__main__":
    main()
