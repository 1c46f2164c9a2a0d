"""A PostgreSQL server of the tests' own; run as a module, it gets one or runs a command with it."""

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory

from tools.servers.browser import IS_ROOT, install
from tools.servers.database import is_postgres
from tools.servers.site import free_port

OLDEST = 15
SORRY = f"The tests need PostgreSQL {OLDEST} or newer: install it, or set DATABASE_URL to one."


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL on this machine, if that is new enough."""
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
def own_postgres() -> Iterator[tuple[str, Callable[[str], object]]]:
    """Yield the URL of a new server on a free port, and what makes it `start` and `stop`."""
    folder = programs()
    if not folder:
        sys.exit(SORRY)
    # It refuses to run as root.
    user = "postgres" if IS_ROOT else pwd.getpwuid(os.geteuid()).pw_name
    with TemporaryDirectory(ignore_cleanup_errors=True) as parent:
        os.chown(parent, pwd.getpwnam(user).pw_uid, -1)
        run = partial(subprocess.run, user=user, cwd=parent, stdout=DEVNULL, check=True)
        initdb, pg_ctl = (str(folder / name) for name in ("initdb", "pg_ctl"))
        data = f"--pgdata={parent}/data"
        run([initdb, data, *"-U magpie -A trust -E UTF8 --locale=C.UTF-8".split()])
        port = free_port()
        options = f"-p {port} -k {parent} -c listen_addresses=127.0.0.1 -c max_connections=200"
        control = [pg_ctl, data, "--wait", "--mode=fast"]
        control += [f"--log={parent}/log", f"--options={options}"]

        def make(verb: str) -> object:
            return run([*control, verb])

        try:
            make("start")
            yield f"postgres://magpie:@127.0.0.1:{port}/postgres", make
        finally:
            make("stop")


def main() -> None:
    """Install what is missing, or run a command on a server."""
    command = sys.argv[1:]
    if not command:
        if not programs() and not (install("postgresql") and programs()):
            sys.exit(SORRY)
        return
    # Whatever ends it, the server ends too, and after the command.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with (
        postgres() as url,
        subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url}) as run,
    ):
        signal.signal(signal.SIGTERM, lambda *_: run.terminate())
        # Ctrl-C reaches the command by itself.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(run.returncode)


if __name__ == "__main__":
    main()
