"""nginx as a proxy in front of the site. Run as a module, it installs nginx."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import trustme
import urllib3

from tools.servers.packages import IS_ROOT, get_program, program
from tools.servers.proxy import Proxy
from tools.servers.site import ROOT, free_port, is_open, wait_until

INSTALL_HINT = "The tests need nginx: install it, then try again."
CONFIG = """
daemon off;
pid pid;
error_log stderr error;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path bodies;
    proxy_temp_path responses;
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


def knows_http2_directive() -> bool:
    """Return whether this nginx has `http2 on`, which is new in 1.25.1."""
    command = [program("nginx", INSTALL_HINT), "-v"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    version = done.stderr.rpartition("/")[2].split()[0]
    return tuple(map(int, version.split("."))) >= (1, 25, 1)


@contextmanager
def nginx(servers: str, port: int) -> Iterator[None]:
    """Run nginx with the configuration `servers`, one of which listens at `port`."""
    path = program("nginx", INSTALL_HINT)
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
    """Yield the address of a cache in front of `site`, with additional `rules`."""
    port = free_port()
    with nginx(CACHE.format(port=port, site=site, rules=rules), port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def deployed(folder: Path, site: str = "", store: str = "") -> Iterator[Proxy]:
    """Run nginx with deploy/nginx.conf on free ports, for a site with its files in `folder`.

    The site is at the address `site`, or at a socket in `folder`. Uploads are read from the bucket
    `magpie` of a store, if there is one.
    """
    authority, port, secure_port = trustme.CA(), free_port(), free_port()
    authority.cert_pem.write_to_path(str(folder / "authority"))
    certificate = authority.issue_cert("localhost").private_key_and_cert_chain_pem
    certificate.write_to_path(str(folder / "certificate"))
    site = site or f"http://unix:{folder}/socket"
    config = adapted(folder, port, secure_port, site)
    if store:
        config = with_store(config, store, site)
    with (
        nginx(config, secure_port),
        urllib3.PoolManager(ca_certs=str(folder / "authority")) as pool,
    ):
        yield Proxy(port, secure_port, pool)


def with_store(config: str, store: str, site: str) -> str:
    """Put what deploy/nginx-store.conf has in the place of the locations with the same names."""
    for name in ("/media/", "@magpie"):
        config, count = re.subn(rf"    location {name} {{\n.*?\n    }}\n", "", config, flags=re.S)
        assert count == 1
    locations = (ROOT / "deploy/nginx-store.conf").read_text()
    locations = locations.replace("http://10.0.0.20:8333", store)
    locations = locations.replace("http://unix:/run/magpie/socket", site)
    return config.replace("    location / {", f"{locations}\n    location / {{", 1)


def adapted(folder: Path, port: int, secure_port: int, site: str) -> str:
    """Return deploy/nginx.conf for these ports, addresses and files, and the installed nginx."""
    config = (ROOT / "deploy/nginx.conf").read_text()
    for text, replacement in {
        "listen 80": f"listen 127.0.0.1:{port}",
        "listen 443": f"listen 127.0.0.1:{secure_port}",
        "listen [::]:80 default_server;": "",
        "listen [::]:80;": "",
        "listen [::]:443 ssl default_server;": "",
        "listen [::]:443 ssl;": "",
        "/etc/letsencrypt/live/magpie.example/fullchain.pem": f"{folder}/certificate",
        "/etc/letsencrypt/live/magpie.example/privkey.pem": f"{folder}/certificate",
        "http://unix:/run/magpie/socket": site,
        "/srv/magpie/var": f"{folder}/var",
        "magpie.example": "localhost",
    }.items():
        assert text in config
        config = config.replace(text, replacement)
    if not knows_http2_directive():
        config = config.replace("http2 on;", "")
        config = re.sub(r"(listen .* ssl)\b", r"\1 http2", config)
    return config


if __name__ == "__main__":
    get_program("nginx", INSTALL_HINT)
