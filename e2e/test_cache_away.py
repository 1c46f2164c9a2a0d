"""While Redis is down and rate limits cannot be counted, POST requests get 503."""

from contextlib import ExitStack

import urllib3

from tools.servers.redis import redis
from tools.servers.site import free_port, serving

TOKEN = "a" * 32
HEADERS = {"Cookie": f"csrftoken={TOKEN}", "X-CSRFToken": TOKEN}


def test_signing_in_waits_for_redis_to_come_back(
    server_environment: dict[str, str],
) -> None:
    port = free_port()
    with (
        ExitStack() as first,
        serving(None, **server_environment, CACHE_URL=f"redis://127.0.0.1:{port}") as url,
    ):

        def post() -> urllib3.BaseHTTPResponse:
            form = {"login": "ana", "password": "wrong"}
            return urllib3.request("POST", f"{url}/accounts/login/", fields=form, headers=HEADERS)

        first.enter_context(redis(port))
        assert post().status == 200
        first.close()
        response = post()
        assert response.status == 503
        assert int(response.headers["Retry-After"])
        assert "is unavailable" in response.data.decode()
        assert urllib3.request("GET", f"{url}/accounts/login/").status == 200
        with redis(port):
            assert post().status == 200
