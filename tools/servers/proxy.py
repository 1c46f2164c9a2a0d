"""A proxy in front of a site with the name localhost."""

from dataclasses import dataclass
from typing import Any

import urllib3


@dataclass
class Proxy:
    """A running proxy, and a client that knows its certificate."""

    port: int
    secure_port: int
    pool: urllib3.PoolManager

    def send(
        self,
        path: str,
        method: str = "GET",
        scheme: str = "https",
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> urllib3.BaseHTTPResponse:
        url = f"{scheme}://localhost:{self.secure_port if scheme == 'https' else self.port}{path}"
        # Without a port, as if the proxy listened on the default ports.
        headers = {"Host": "localhost"} | (headers or {})
        return self.pool.request(
            method, url, headers=headers, redirect=False, retries=False, **options
        )
