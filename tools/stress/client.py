"""A client that is signed in and sends requests over HTTP."""

import re
import time
from http.client import HTTPConnection, HTTPException
from socket import AF_UNIX, socket
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

CSRF_TOKEN = "t" * 32
# Instead of a status: the request got no response, or no connection was made.
NO_RESPONSE, NO_CONNECTION = 0, -1
POSITION = re.compile("^Set-Cookie: (?:__Host-)?position=([^;]+)", re.MULTILINE)
# Headers that the proxy sets in front of a site that is served over https.
PROXY_HEADERS = {
    "Host": "localhost",
    "Origin": "https://localhost",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "192.0.2.1",
}


class UnixConnection(HTTPConnection):
    """A connection to a Unix socket. The path of the socket is passed as the host."""

    def connect(self) -> None:
        self.sock = socket(AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.host)


class SignedInClient:
    """A client with a signed-in user. Each `host` may be the path of a Unix socket."""

    def __init__(self, username: str) -> None:
        self.user, _ = User.objects.get_or_create(username=username)
        client = Client()
        client.force_login(self.user)
        self.session = client.cookies[settings.SESSION_COOKIE_NAME].value
        # The position of the last write, up to which a replica must have read.
        self.position = ""

    def post_action(self, host: str, path: str, action: str, **headers: str) -> tuple[int, str]:
        """Post a wanted state, such as `like`, and return the status and text of the response."""
        return self.post(host, path, {"action": action}, **headers)

    def post(self, host: str, path: str, fields: dict[str, str], **headers: str) -> tuple[int, str]:
        """Post a form, and return the status and text of the response."""
        body = urlencode({"csrfmiddlewaretoken": CSRF_TOKEN, **fields}).encode()
        return self.request(host, path, body, "application/x-www-form-urlencoded", **headers)

    def save_image(self, host: str, title: str, file: bytes) -> int:
        """Upload an image, and return the status: 303, or 422 if the form has errors."""
        fields = {"csrfmiddlewaretoken": CSRF_TOKEN, "title": title, "url": "", "description": ""}
        parts = [
            f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        parts.append('--part\r\nContent-Disposition: form-data; name="upload"; filename="a.png"')
        body = "".join(parts).encode() + b"\r\n\r\n" + file + b"\r\n--part--\r\n"
        return self.request(host, "/images/add/", body, "multipart/form-data; boundary=part")[0]

    def get(self, host: str, path: str) -> tuple[int, str]:
        """Get a page, and return the status and text of the response."""
        return self.request(host, path)

    def request(
        self, host: str, path: str, body: bytes | None = None, kind: str = "", **headers: str
    ) -> tuple[int, str]:
        """Send a request. To a Unix socket, send it as the proxy would."""
        is_proxy = host.startswith("/")
        prefix = "__Host-" if is_proxy else ""
        headers["Cookie"] = f"{prefix}csrftoken={CSRF_TOKEN}; {prefix}sessionid={self.session}"
        if self.position:
            headers["Cookie"] += f"; {prefix}position={self.position}"
        if body is not None:
            headers["Content-Type"] = kind
        connection = (UnixConnection if is_proxy else HTTPConnection)(host, timeout=60)
        status = NO_CONNECTION
        try:
            connection.connect()
            status = NO_RESPONSE
            # A server that stops right now must still wait for this connection.
            time.sleep(0.02 if is_proxy else 0)
            method = "GET" if body is None else "POST"
            connection.request(method, path, body, headers | (PROXY_HEADERS if is_proxy else {}))
            response = connection.getresponse()
            if found := POSITION.search(str(response.headers)):
                self.position = found[1]
            return response.status, response.read().decode(errors="replace")
        except (OSError, HTTPException):
            return status, ""
        finally:
            connection.close()
