"""HAProxy, as deploy/haproxy.cfg configures it, in front of the site servers and of the store."""

from collections.abc import Mapping
from pathlib import Path

from tools.cluster.part import Part
from tools.cluster.ports import own_port
from tools.servers.cluster import program
from tools.servers.haproxy import Balancer, adapted

STORE = """
listen store
    bind 127.0.0.1:{port}
    option httpchk GET /healthz
"""


class Proxy(Part):
    """The address of the site, and the one at which the site finds the store."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.balancer = Balancer(own_port(), folder / "admin.sock")
        self.store_port = own_port()
        self.config = folder / "haproxy.cfg"
        command = [program("haproxy"), "-f", str(self.config), "-db"]
        super().__init__("haproxy", folder, command, self.balancer.answers)

    @property
    def url(self) -> str:
        return self.balancer.url

    @property
    def store_url(self) -> str:
        return f"http://127.0.0.1:{self.store_port}"

    def configure(self, sites: Mapping[str, str], gateways: Mapping[str, str]) -> None:
        """Write the configuration for servers with a name and an address each."""
        store = STORE.format(port=self.store_port)
        store += "".join(f"    server {name} {address}\n" for name, address in gateways.items())
        self.config.write_text(adapted(self.balancer, sites, is_first=True) + store)
