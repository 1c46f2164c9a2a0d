"""Ports that stay free while their server is away."""

import socket
from pathlib import Path
from random import SystemRandom

# The first port that the system may give to a client.
CLIENTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST = 10_000
taken: set[int] = set()


def own_port() -> int:
    """Return a port that no other server of this process and no client gets."""
    end = int(CLIENTS.read_text().split()[0]) if CLIENTS.exists() else 32_768
    while True:
        port = SystemRandom().randrange(LOWEST, end)
        if port not in taken and can_bind(port):
            taken.add(port)
            return port


def can_bind(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
