"""Start granian with the options that Magpie relies on, however it is deployed.

python site/web/server.py OPTION... config.wsgi:application    the options are granian's
"""

import os
import resource
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

SITE = Path(__file__).resolve().parents[1]
# Connections to each worker. More of them wait until one ends.
CONNECTIONS = 1000
# Threads that wait for slow clients. Django has threads of its own, see web/buffering.py.
THREADS = 500
# Each thread may have a file open in addition to its connection.
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
    import_module("web.port").check(sys.argv[1:])
    settings = checked_settings()
    if settings.LOG_FORMAT == "text":
        sys.stdout.write(f"Magpie runs at {settings.SITE_URL} until you press Ctrl-C.\n")
        sys.stdout.flush()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, OPEN_FILES)), hard))
    options = [str(word) for option in OPTIONS.items() for word in option]
    options += ["--workers", str(settings.WORKERS)]
    granian = Path(sys.executable).with_name("granian")
    os.execv(granian, [str(granian), *options, *sys.argv[1:]])  # noqa: S606


def checked_settings() -> Any:
    """Return the settings, or exit with one sentence if one of them is wrong."""
    from django.core.exceptions import ImproperlyConfigured

    try:
        return import_module(os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings"))
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
