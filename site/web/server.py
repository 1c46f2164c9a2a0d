"""Start granian with the options that Magpie relies on, however it is deployed.

python site/web/server.py OPTION... config.wsgi:application    the options are granian's
"""

import errno
import os
import resource
import socket
import sys
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import Any

SITE = Path(__file__).resolve().parents[1]
# Connections to each worker. More of them wait until one ends.
CONNECTIONS = 1000
# Threads that wait for slow clients. Django has threads of its own, see web/buffering.py.
THREADS = 500
# Each thread may have a file open besides its connection.
OPEN_FILES = 2 * (CONNECTIONS + THREADS)
OPTIONS = {
    "--interface": "wsgi",
    "--working-dir": SITE,
    # granian waits without a limit for the bytes that tell HTTP/2 from HTTP/1.
    "--http": 1,
    "--backpressure": CONNECTIONS,
    "--blocking-threads": THREADS,
    # Milliseconds within which headers have to arrive, including those of later requests.
    "--http1-header-read-timeout": 10_000,
    # Bytes of headers, and of data received and sent, that a connection may hold in memory.
    "--http1-buffer-size": 65_536,
    # Lower levels warn of the number of threads, which is intended.
    "--log-level": "error",
}


def main() -> None:
    # Python puts the script's own folder there, whose names hide other modules.
    sys.path[0] = str(SITE)
    sys.path.append(str(SITE.parent))
    check_address(sys.argv[1:])
    settings = checked_settings()
    if settings.LOG_FORMAT == "text":
        sys.stdout.write(f"Magpie runs at {settings.SITE_URL} until you press Ctrl-C.\n")
        sys.stdout.flush()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, OPEN_FILES)), hard))
    options = [str(word) for option in OPTIONS.items() for word in option]
    granian = Path(sys.executable).with_name("granian")
    os.execv(granian, [str(granian), *options, *sys.argv[1:]])  # noqa: S606


def checked_settings() -> Any:
    """Return the settings, or exit with one sentence if one of them is wrong."""
    from django.core.exceptions import ImproperlyConfigured

    try:
        return import_module(os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings"))
    except ImproperlyConfigured as error:
        sys.exit(str(error))


def check_address(arguments: list[str]) -> None:
    """Exit with one sentence if the server cannot listen where these arguments say."""
    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--uds", default=os.environ.get("GRANIAN_UDS"))
    parser.add_argument("--host", default=os.environ.get("GRANIAN_HOST", "127.0.0.1"))
    parser.add_argument("--port", default=os.environ.get("GRANIAN_PORT", "8000"))
    where = parser.parse_known_args(arguments)[0]
    if where.uds:
        return
    if not where.port.isdecimal() or not 0 < int(where.port) < 2**16:
        sys.exit(f"The port must be a number from 1 to 65535, not {where.port!r}.")
    try:
        family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
        with socket.create_server((where.host, int(where.port)), family=family):
            pass
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(f"Port {where.port} is in use. Choose another, such as: PORT=8001 make run")
        # Python adds the address, in its own notation.
        problem = str(error.strerror).partition(" (")[0]
        sys.exit(f"Magpie cannot listen at {where.host}:{where.port}: {problem}.")


if __name__ == "__main__":
    main()
