"""A member of the site who presses buttons, over HTTP."""

from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

TOKEN = "t" * 32


class Member:
    """Somebody who is signed in; a press that got no answer has the status 0."""

    def __init__(self, name: str) -> None:
        self.user, _ = User.objects.get_or_create(username=name)
        client = Client()
        client.force_login(self.user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.headers = {"Cookie": f"csrftoken={TOKEN}; {settings.SESSION_COOKIE_NAME}={session}"}

    def press(self, host: str, path: str, action: str) -> int:
        """Post a wanted state, such as `like`, and return the status of the answer."""
        body = urlencode({"csrfmiddlewaretoken": TOKEN, "action": action}).encode()
        return self.post(host, path, body, "application/x-www-form-urlencoded")[0]

    def bookmark(self, host: str, title: str, picture: bytes) -> tuple[int, str]:
        """Upload a picture, and return the status and the address of its page."""
        fields = {"csrfmiddlewaretoken": TOKEN, "title": title, "url": "", "description": ""}
        parts = [
            f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        parts.append('--part\r\nContent-Disposition: form-data; name="upload"; filename="a.png"')
        body = "".join(parts).encode() + b"\r\n\r\n" + picture + b"\r\n--part--\r\n"
        return self.post(host, "/images/add/", body, "multipart/form-data; boundary=part")

    def post(self, host: str, path: str, body: bytes, kind: str) -> tuple[int, str]:
        line = HTTPConnection(host, timeout=60)
        try:
            line.request("POST", path, body, self.headers | {"Content-Type": kind})
            answer = line.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return 0, ""
        else:
            return answer.status, answer.headers.get("Location", "")
        finally:
            line.close()
