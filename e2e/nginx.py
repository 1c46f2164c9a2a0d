"""A proxy in front of the site; run as a module, it gets one."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from e2e.browser import IS_ROOT, install
from e2e.server import free_port, is_open, wait_until

SORRY = "The tests need nginx: install it, then try again."
CONFIG = """
daemon off;
pid pid;
error_log stderr error;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path bodies;
    proxy_temp_path passing;
    {servers}
}}
"""
CACHE = """
proxy_cache_path cache keys_zone=site:1m;
server {{
    listen 127.0.0.1:{port};
    location / {{
        proxy_pass {site};
        proxy_set_header Host $http_host;
        proxy_cache site;
        proxy_cache_key $request_uri;
        {rules}
        add_header X-Cache $upstream_cache_status always;
    }}
}}
"""


def program() -> str | None:
    """Return where nginx is on this machine, if it is."""
    return shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or shutil.which("nginx")


@contextmanager
def nginx(servers: str, port: int) -> Iterator[None]:
    """Run nginx with `servers`, of which one listens at `port`."""
    path = program()
    if not path:
        sys.exit(SORRY)
    with TemporaryDirectory() as folder:
        config = Path(folder, "nginx.conf")
        config.write_text(CONFIG.format(servers=servers, user="user root;" if IS_ROOT else ""))
        with subprocess.Popen([path, "-p", folder, "-c", str(config), "-e", "stderr"]) as server:
            try:
                wait_until(lambda: is_open(port), server)
                yield
            finally:
                server.terminate()


@contextmanager
def caching(site: str, rules: str = "") -> Iterator[str]:
    """Yield the address of a cache in front of `site`, with more `rules` for what it keeps."""
    port = free_port()
    with nginx(CACHE.format(port=port, site=site, rules=rules), port):
        yield f"http://127.0.0.1:{port}"


if __name__ == "__main__" and not program() and not (install("nginx") and program()):
    sys.exit(SORRY)
