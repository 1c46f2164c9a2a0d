"""Start granian with the options that Magpie relies on, wherever it is served.

python site/web/server.py OPTION... config.wsgi:application    the options are granian's
"""

import os
import resource
import sys
from pathlib import Path

# Connections to each worker; more of them wait for one to end.
CONNECTIONS = 1000
# Threads that wait for slow clients; Django has threads of its own, see web/buffering.py.
THREADS = 500
# Each thread may have a file open besides its connection.
OPEN_FILES = 2 * (CONNECTIONS + THREADS)
OPTIONS = {
    "--interface": "wsgi",
    "--working-dir": Path(__file__).parents[1],
    # To tell HTTP/2 from HTTP/1, granian waits for the first bytes without a limit.
    "--http": 1,
    "--backpressure": CONNECTIONS,
    "--blocking-threads": THREADS,
    # Milliseconds within which headers have to arrive, also the next ones on a kept connection.
    "--http1-header-read-timeout": 10_000,
    # Bytes that a connection may hold in memory of headers, and of what is received and sent.
    "--http1-buffer-size": 65_536,
}


def main() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, OPEN_FILES)), hard))
    options = [str(word) for option in OPTIONS.items() for word in option]
    granian = Path(sys.executable).with_name("granian")
    os.execv(granian, [str(granian), *options, *sys.argv[1:]])  # noqa: S606


if __name__ == "__main__":
    main()
