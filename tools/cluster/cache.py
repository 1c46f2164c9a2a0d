"""Redis, which counts rate limits for all site servers."""

from pathlib import Path

from redis import Redis, RedisError

from tools.cluster.part import Part
from tools.cluster.ports import own_port
from tools.servers.cluster import program


class Cache(Part):
    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.port = own_port()
        options = f"--port {self.port} --bind 127.0.0.1 --loglevel warning --save"
        command = [program("redis-server"), *options.split(), ""]
        super().__init__("redis", folder, command, self.pings)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def clear(self) -> None:
        """Forget all counts of rate limits. Tests send all requests from the same address."""
        with Redis(port=self.port) as client:
            client.flushall()

    def pings(self) -> bool:
        with Redis(port=self.port) as client:
            try:
                return bool(client.ping())
            except RedisError:
                return False
