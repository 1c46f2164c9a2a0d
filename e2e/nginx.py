"""A caching proxy in front of the site; run as a module, it gets one."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from e2e.browser import IS_ROOT, install
from e2e.server import free_port, wait_for

SORRY = "The tests need nginx: install it, then try again."
CONFIG = """
daemon off;
pid {folder}/pid;
error_log stderr error;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/passing;
    proxy_cache_path {folder}/cache keys_zone=site:1m;
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
}}
"""


def program() -> str | None:
    """Return where nginx is on this machine, if it is."""
    return shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or shutil.which("nginx")


@contextmanager
def proxying(site: str, rules: str = "") -> Iterator[str]:
    """Yield the address of a cache in front of `site`, with more `rules` for what it keeps."""
    nginx = program()
    if not nginx:
        sys.exit(SORRY)
    port = free_port()
    user = "user root;" if IS_ROOT else ""
    with TemporaryDirectory() as folder:
        config = CONFIG.format(folder=folder, user=user, port=port, site=site, rules=rules)
        path = Path(folder, "nginx.conf")
        path.write_text(config)
        with subprocess.Popen([nginx, "-c", str(path), "-e", "stderr"]) as server:
            try:
                wait_for(f"http://127.0.0.1:{port}/healthz", server)
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()


if __name__ == "__main__" and not program() and not (install("nginx") and program()):
    sys.exit(SORRY)
