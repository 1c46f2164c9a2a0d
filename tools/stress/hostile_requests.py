"""Random hostile requests, as bytes."""

import re
from dataclasses import dataclass
from random import Random
from urllib.parse import quote, urlencode

from testing.long_texts import COSTLY_TEXTS, repeated
from tools.stress.client import CSRF_TOKEN
from tools.stress.corpus import FILES, HEADERS, METHODS, NAMES, TEXTS, TYPES
from tools.stress.raw_http import request_bytes


@dataclass
class Fuzzer:
    """Makes random requests to routes. Some of their values are existing keys or usernames."""

    random: Random
    routes: list[str]
    keys: list[str]
    usernames: list[str]
    sessions: list[str]
    host: str

    def request(self) -> tuple[str, bytes]:
        """Return a route, and the bytes of a request to it."""
        pick = self.random
        route = pick.choice(self.routes)
        path = self.path(route)
        method = pick.choice(METHODS)
        headers = self.headers()
        body = b""
        if method not in {"GET", "HEAD"} or pick.random() < 0.02:
            kind, body = self.body()
            headers["Content-Type"] = kind
            headers["Content-Length"] = str(len(body))
            if pick.random() < 0.02:
                headers["Content-Length"] = pick.choice(["-1", "x", "", "0"])
        return route, request_bytes(method, path, headers, body)

    def text(self) -> str:
        """Return a hostile text, or a key or username that exists."""
        if self.random.random() < 0.4:
            return self.random.choice(self.keys + self.usernames)
        if self.random.random() < 0.01:
            # The sizes are spread evenly by order of magnitude, up to 3 MB.
            return repeated(
                self.random.choice(COSTLY_TEXTS), int(10 ** self.random.uniform(3, 6.5))
            )
        text = self.random.choice(TEXTS)
        if self.random.random() < 0.1:
            text += self.random.choice(TEXTS)
        return text

    def path(self, route: str) -> str:
        """Return the path of a route, sometimes with a query string."""
        path = re.sub("<[^>]+>", self.argument, route)
        if self.random.random() < 0.05:
            path += self.quoted(self.text())
        if self.random.random() < 0.5:
            path += "?" + self.fields()[:70_000]
        return path

    def argument(self, placeholder: re.Match[str]) -> str:
        if self.random.random() < 0.3:
            return self.quoted(self.text())
        return self.random.choice(self.usernames if "username" in placeholder[0] else self.keys)

    def quoted(self, text: str) -> str:
        quoted = quote(text[:2000], safe="", errors="replace")
        if self.random.random() < 0.1:
            # Broken percent-encoding, and bytes that are not UTF-8.
            quoted += self.random.choice(["%", "%zz", "%ff%fe", "%c0%af", "\xe9"])
        return quoted

    def fields(self) -> str:
        pairs = [
            (self.random.choice(NAMES), self.text()) for _ in range(self.random.randrange(1, 5))
        ]
        return urlencode(pairs, errors="replace")

    def headers(self) -> dict[str, str]:
        pick = self.random
        headers = {"Host": self.host, "Connection": "close"}
        for _ in range(pick.randrange(4)):
            value = pick.choice(["true", "*", "de", self.host, self.text()])
            headers[pick.choice(HEADERS)] = re.sub(r"[\0\r\n]", "", value)[:10_000]
        if pick.random() < 0.02:
            headers["Host"] = re.sub(r"[\0\r\n]", "", self.text())[:300]
        if pick.random() < 0.9:
            session = pick.choice(self.sessions)
            headers["Cookie"] = f"csrftoken={CSRF_TOKEN}; sessionid={session}"
        return headers

    def body(self) -> tuple[str, bytes]:
        """Return a content type and a body. They usually match."""
        pick = self.random
        kind = pick.choice(TYPES[:1] * 8 + TYPES[4:5] * 4 + TYPES)
        fields = f"csrfmiddlewaretoken={CSRF_TOKEN}&{self.fields()}".encode()
        if not kind.endswith("=limit"):
            return kind, pick.choice([fields] * 8 + [b"", b"\xff\xfe\x00", b"&" * 1200, b"a=%ff"])
        parts = [("csrfmiddlewaretoken", "", CSRF_TOKEN.encode())]
        for _ in range(pick.randrange(1, 5)):
            value = self.text().encode("utf-8", "replace")
            parts.append((pick.choice(NAMES), "", value))
        if pick.random() < 0.5:
            name = pick.choice(["upload", "photo"])
            file = re.sub(r'["\r\n]', "", self.text())[:300]
            parts.append((name, f'; filename="{file}"', pick.choice(FILES)))
        body = b"".join(
            f'--limit\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode()
            + value
            + b"\r\n"
            for name, more, value in parts
        )
        end = pick.choice([b"--limit--\r\n"] * 9 + [b""])
        return kind, body + end
