"""HAProxy in front of several site servers. Run as a module, it installs HAProxy."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.restart_in_turn import HAProxy
from tools.servers.packages import get_program, program
from tools.servers.site import ROOT, wait_until

INSTALL_HINT = "The tests need the package haproxy: install it, then try again."


@dataclass
class Balancer:
    """A running HAProxy, and its socket for commands."""

    port: int
    admin: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def control(self) -> HAProxy:
        return HAProxy(str(self.admin))

    def answers(self) -> bool:
        """Return whether HAProxy takes commands, which it does once all its ports are open."""
        try:
            return bool(self.control.rows())
        except OSError:
            return False


@contextmanager
def haproxy(
    folder: Path, port: int, servers: Mapping[str, str], *, is_first: bool = True
) -> Iterator[Balancer]:
    """Run HAProxy with deploy/haproxy.cfg at `port`, for servers with a name and an address each.

    It is the first proxy, or else one behind another that sets X-Forwarded-For.
    """
    path = program("haproxy", INSTALL_HINT)
    balancer = Balancer(port, folder / "haproxy.sock")
    config = folder / "haproxy.cfg"
    config.write_text(adapted(balancer, servers, is_first=is_first))
    with (
        (folder / "haproxy.log").open("w") as log,
        subprocess.Popen([path, "-f", config, "-db"], stdout=log, stderr=log) as server,
    ):
        try:
            wait_until(balancer.answers, server)
            yield balancer
        finally:
            server.terminate()


def adapted(balancer: Balancer, servers: Mapping[str, str], *, is_first: bool) -> str:
    """Return deploy/haproxy.cfg for this port, socket and servers, and for any user."""
    config = (ROOT / "deploy/haproxy.cfg").read_text()
    for text, replacement in {
        "    user haproxy\n    group haproxy\n    chroot /var/lib/haproxy\n": "",
        "/run/haproxy/admin.sock": str(balancer.admin),
        "127.0.0.1:8080": f"127.0.0.1:{balancer.port}",
    }.items():
        assert text in config
        config = config.replace(text, replacement)
    if is_first:
        config = config.replace("#http-request", "http-request")
    lines = "".join(f"    server {name} {address}\n" for name, address in servers.items())
    return re.sub(r"(?:    server .+\n)+", lines, config)


if __name__ == "__main__":
    get_program("haproxy", INSTALL_HINT)
