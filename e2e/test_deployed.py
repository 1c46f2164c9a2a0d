"""What docs/deploying.md sets up, with nginx in front, as far as it does not need a machine."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import trustme
import urllib3
from django.conf import settings

from e2e.headers import check_headers
from e2e.nginx import nginx
from e2e.server import ROOT, free_port, handing_over

TOKEN = "a" * 32
type Ask = Callable[..., urllib3.BaseHTTPResponse]


@pytest.fixture(scope="module")
def ask(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Ask the site through nginx, as deploy/nginx.conf has it but for ports and paths."""
    folder = tmp_path_factory.mktemp("deployed")
    authority, port, secure_port = trustme.CA(), free_port(), free_port()
    authority.cert_pem.write_to_path(str(folder / "authority"))
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(
        str(folder / "certificate")
    )
    config = (ROOT / "deploy/nginx.conf").read_text()
    for theirs, ours in {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "listen 443 ": f"listen 127.0.0.1:{secure_port} ",
        "listen [::]:80;": "",
        "listen [::]:443 ssl http2;": "",
        "/etc/letsencrypt/live/magpie.example/fullchain.pem": f"{folder}/certificate",
        "/etc/letsencrypt/live/magpie.example/privkey.pem": f"{folder}/certificate",
        "/run/magpie/socket": f"{folder}/socket",
        "magpie.example": "localhost",
    }.items():
        assert theirs in config
        config = config.replace(theirs, ours)
    with (
        handing_over(folder / "socket", **environment),
        nginx(config, secure_port),
        urllib3.PoolManager(ca_certs=str(folder / "authority")) as pool,
    ):

        def ask(path: str, method: str = "GET", scheme: str = "https", **options: Any) -> Any:
            url = f"{scheme}://localhost:{secure_port if scheme == 'https' else port}{path}"
            return pool.request(method, url, redirect=False, retries=False, **options)

        yield ask


def test_pages_and_files_come_by_https_with_all_headers(ask: Ask) -> None:
    for path in ("/", "/accounts/login/", "/nowhere/", "/healthz", "/readyz"):
        check_headers(ask(path).headers)


def test_http_leads_to_https(ask: Ask) -> None:
    response = ask("/people/", scheme="http")
    assert response.status == 301
    assert response.headers["Location"] == "https://localhost/people/"


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X_Forwarded_For"])
def test_nobody_is_counted_by_an_address_of_their_own_choice(ask: Ask, name: str) -> None:
    allowed = settings.RATE_LIMITS["account_login"]["ip"]
    headers = {
        "Cookie": f"__Host-csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Referer": "https://localhost/",
    }
    statuses = {
        ask("/accounts/login/", "POST", headers=headers | {name: f"203.0.113.{number}"}).status
        # A minute may end meanwhile.
        for number in range(2 * allowed + 1)
    }
    assert 429 in statuses
    assert statuses <= {200, 429}


@pytest.mark.parametrize("name", ["X-Forwarded-Proto", "X_Forwarded_Proto"])
def test_nobody_is_taken_for_somebody_who_came_by_http(ask: Ask, name: str) -> None:
    assert ask("/", headers={name: "http"}).status == 200


def test_what_is_too_large_gets_no_further_than_the_proxy(ask: Ask) -> None:
    response = ask("/images/add/", "POST", body=b"x" * 21 * 1024 * 1024)
    assert response.status == 413
    assert "X-Request-ID" not in response.headers
