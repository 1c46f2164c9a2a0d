"""Caddy as a proxy in front of the site."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

from tools.servers.proxy import Proxy
from tools.servers.site import ROOT, free_port, wait_until

PROGRAM = Path(sys.executable).with_name("caddy")
OPTIONS = """{{
	admin off
	http_port {port}
	https_port {secure_port}
	skip_install_trust
	storage file_system {folder}/caddy
"""


@contextmanager
def deployed(folder: Path) -> Iterator[Proxy]:
    """Run Caddy with deploy/Caddyfile on free ports, for a site with its files in `folder`."""
    port, secure_port = free_port(), free_port()
    options = OPTIONS.format(port=port, secure_port=secure_port, folder=folder)
    config, output = folder / "Caddyfile", folder / "caddy.log"
    config.write_text((ROOT / "deploy/Caddyfile").read_text().replace("{\n", options, 1))
    environment = {
        "SITE_URL": "https://localhost",
        "MAGPIE": f"unix/{folder}/socket",
        "MAGPIE_VAR": f"{folder}/var",
        "HOME": str(folder),
    }
    authority = folder / "caddy/pki/authorities/local/root.crt"
    with (
        output.open("w") as log,
        subprocess.Popen(
            [PROGRAM, "run", "--config", str(config), "--adapter", "caddyfile"],
            env=os.environ | environment,
            stdout=log,
            stderr=log,
        ) as server,
    ):
        try:
            wait_until(authority.exists, server)
            with urllib3.PoolManager(ca_certs=str(authority)) as pool:
                proxy = Proxy(port, secure_port, pool)
                # It uses its certificate a moment after it has written it.
                wait_until(lambda: answers(proxy), server)
                yield proxy
        finally:
            server.terminate()


def answers(proxy: Proxy) -> bool:
    try:
        # Caddy refuses this name itself, while the site may not run yet.
        proxy.send("/", headers={"Host": "other.example"}, timeout=5)
    except urllib3.exceptions.HTTPError:
        return False
    return True
