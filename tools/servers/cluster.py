"""The programs of a cluster. Run as a module, it installs those that are missing."""

import sys

from tools.servers.packages import find, install
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


def program(name: str) -> str:
    """Return the path of a program, or exit with the names of all missing packages."""
    return find(name) or sys.exit(INSTALL_HINT.format(" ".join(missing())))


def missing() -> list[str]:
    packages = [package for package, name in PROGRAMS.items() if not find(name)]
    return packages if program_folder() else [*packages, POSTGRES]


def main() -> None:
    """Install the packages that are missing, or exit with the names of those that cannot be."""
    if missing():
        install(*missing())
    if missing():
        sys.exit(INSTALL_HINT.format(" ".join(missing())))


if __name__ == "__main__":
    main()
