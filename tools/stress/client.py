"""A member of the site who reads pages and presses buttons, over HTTP."""

import time
from http.client import HTTPConnection, HTTPException
from socket import AF_UNIX, socket
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

TOKEN = "t" * 32
# Instead of a status: what was sent got no answer, or nothing was sent.
UNANSWERED, REFUSED = 0, -1
# What the proxy adds that stands before the site, which is then one of https.
PROXIED = {"Host": "localhost", "Origin": "https://localhost"}
PROXIED |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}


class UnixConnection(HTTPConnection):
    """A connection to a Unix socket, which is named instead of a host."""

    def connect(self) -> None:
        self.sock = socket(AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.host)


class Member:
    """Somebody who is signed in; `host` is a Unix socket if it is a path."""

    def __init__(self, name: str) -> None:
        self.user, _ = User.objects.get_or_create(username=name)
        client = Client()
        client.force_login(self.user)
        self.session = client.cookies[settings.SESSION_COOKIE_NAME].value

    def press(self, host: str, path: str, action: str, **headers: str) -> tuple[int, str]:
        """Post a wanted state, such as `like`, and return the status and text of the answer."""
        body = urlencode({"csrfmiddlewaretoken": TOKEN, "action": action}).encode()
        return self.ask(host, path, body, "application/x-www-form-urlencoded", **headers)

    def bookmark(self, host: str, title: str, picture: bytes) -> int:
        """Upload a picture, and return the status: 303, or 422 if the form comes back."""
        fields = {"csrfmiddlewaretoken": TOKEN, "title": title, "url": "", "description": ""}
        parts = [
            f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        parts.append('--part\r\nContent-Disposition: form-data; name="upload"; filename="a.png"')
        body = "".join(parts).encode() + b"\r\n\r\n" + picture + b"\r\n--part--\r\n"
        return self.ask(host, "/images/add/", body, "multipart/form-data; boundary=part")[0]

    def read(self, host: str, path: str) -> tuple[int, str]:
        """Get a page, and return the status and text of the answer."""
        return self.ask(host, path)

    def ask(
        self, host: str, path: str, body: bytes | None = None, kind: str = "", **headers: str
    ) -> tuple[int, str]:
        """Send a request; to a proxy's socket, as the proxy does."""
        is_proxy = host.startswith("/")
        prefix = "__Host-" if is_proxy else ""
        headers["Cookie"] = f"{prefix}csrftoken={TOKEN}; {prefix}sessionid={self.session}"
        if body is not None:
            headers["Content-Type"] = kind
        line = (UnixConnection if is_proxy else HTTPConnection)(host, timeout=60)
        status = REFUSED
        try:
            line.connect()
            status = UNANSWERED
            # Who stops just now must wait for those who have only connected.
            time.sleep(0.02 if is_proxy else 0)
            method = "GET" if body is None else "POST"
            line.request(method, path, body, headers | (PROXIED if is_proxy else {}))
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, HTTPException):
            return status, ""
        finally:
            line.close()
