"""A PostgreSQL server for the tests. Run as a module, it installs one or runs a command with it."""

import os
import pwd
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory

from tools.servers.command import run_with
from tools.servers.database import is_postgres
from tools.servers.packages import IS_ROOT, install
from tools.servers.site import free_port, is_open

OLDEST = 15
INSTALL_HINT = (
    f"The tests need PostgreSQL {OLDEST} or newer: install it, or set DATABASE_URL to one."
)


def program_folder() -> Path | None:
    """Return the folder of the newest PostgreSQL on this machine, if it is new enough."""
    found = {
        int(path.parts[-3]): path.parent
        for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")
    }
    newest = max(found, default=0)
    return found[newest] if newest >= OLDEST else None


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the URL of a server: the one that DATABASE_URL names, or a new one on a free port."""
    given = os.environ.get("DATABASE_URL", "")
    if is_postgres(given):
        yield given
    else:
        with own_postgres() as (url, _):
            yield url


@contextmanager
def own_postgres(primary: str = "") -> Iterator[tuple[str, Callable[[str], object]]]:
    """Yield the URL of a new server on a free port, and a function to `start` and `stop` it.

    With the URL of a `primary`, the new server is a replica of that.
    """
    folder = program_folder()
    if not folder:
        sys.exit(INSTALL_HINT)
    # PostgreSQL refuses to run as root.
    user = "postgres" if IS_ROOT else pwd.getpwuid(os.geteuid()).pw_name
    with TemporaryDirectory(ignore_cleanup_errors=True) as parent:
        os.chown(parent, pwd.getpwnam(user).pw_uid, -1)
        run = partial(subprocess.run, user=user, cwd=parent, stdout=DEVNULL, check=True)
        data = f"--pgdata={parent}/data"
        new = [folder / "initdb", data, *"-U magpie -A trust -E UTF8 --locale=C.UTF-8".split()]
        copy = [folder / "pg_basebackup", data, "--write-recovery-conf", f"--dbname={primary}"]
        run([*copy, "--checkpoint=fast"] if primary else new)
        port = free_port()
        options = f"-p {port} -k {parent} -c listen_addresses=127.0.0.1 -c max_connections=200"
        command = [folder / "pg_ctl", data, "--wait", "--mode=fast"]
        command += [f"--log={parent}/log", f"--options={options}"]

        def control(action: str) -> object:
            return run([*command, action])

        try:
            control("start")
            yield f"postgres://magpie:@127.0.0.1:{port}/postgres", control
        finally:
            # A test may have stopped it.
            if is_open(port):
                control("stop")


def main() -> None:
    """Install PostgreSQL if it is missing, or run a command with a server."""
    command = sys.argv[1:]
    if not command:
        if not program_folder() and not (install("postgresql") and program_folder()):
            sys.exit(INSTALL_HINT)
        return
    sys.exit(run_with(postgres(), lambda url: {"DATABASE_URL": url}, command))


if __name__ == "__main__":
    main()
