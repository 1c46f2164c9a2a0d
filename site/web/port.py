"""Exit with one sentence if the server cannot listen at its address.

`make run` starts this module before it installs packages, so it uses the standard library only:
python -I site/web/port.py OPTION...    the options are granian's
"""

import errno
import os
import socket
import sys
from argparse import ArgumentParser


def check(arguments: list[str]) -> None:
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
            other = "8001" if where.port == "8000" else "8000"
            sys.exit(f"Port {where.port} is in use. Choose another one: PORT={other} make run")
        # Python adds the address, in its own notation.
        problem = str(error.strerror).partition(" (")[0]
        sys.exit(f"Magpie cannot listen at {where.host}:{where.port}: {problem}.")


if __name__ == "__main__":
    check(sys.argv[1:])
