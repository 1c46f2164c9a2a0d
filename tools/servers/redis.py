"""A Redis server for the tests. Run as a module, it installs Redis."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from redis import ConnectionError as RedisConnectionError
from redis import Redis

from tools.servers.packages import get_program, program
from tools.servers.site import free_port

INSTALL_HINT = "The tests need the package redis-server: install it, then try again."


@contextmanager
def redis(port: int | None = None) -> Iterator[str]:
    """Yield the URL of a server on this port, or on a free one. It stores nothing on disk."""
    path = program("redis-server", INSTALL_HINT)
    port = port or free_port()
    command = [path, *f"--port {port} --bind 127.0.0.1 --loglevel warning --save".split(), ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    with Redis(port=port) as client:
        for _ in range(100):
            try:
                client.ping()
            except RedisConnectionError:
                time.sleep(0.1)
            else:
                return
    raise TimeoutError("Redis did not start.")


if __name__ == "__main__":
    get_program("redis-server", INSTALL_HINT)
