"""What hostile clients send: requests made at random, as bytes."""

import re
from dataclasses import dataclass
from random import Random
from urllib.parse import quote, urlencode

from config.tests.long_texts import WORST, long
from tools.stress.raw_http import request_bytes

TOKEN = "f" * 32
METHODS = ["GET"] * 10 + ["POST"] * 10 + "HEAD PUT PATCH DELETE OPTIONS TRACE PROPFIND get".split()
# What breaks decoders, parsers, databases, templates, paths and numbers.
TEXTS = [
    "",
    " ",
    "a",
    "0",
    "-1",
    "1e999",
    "NaN",
    "９",
    str(2**31),
    str(2**63),
    str(-(2**63) - 1),
    "9" * 5000,
    "\0",
    "a\0b",
    "\x7f\x1b[0m",
    "\r\nX-Injected: 1",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "\ufffe\u202e\u200d",
    "é" * 500,
    "𝔘𝔫𝔦" * 100,
    "ß" * 151,
    "'",
    '"',
    "'; DROP TABLE auth_user; --",
    "%",
    "%00",
    "%s%n%d",
    "{{ 7*7 }}",
    "{% debug %}",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "data:text/html,x",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "/etc/passwd\0.png",
    "//e",
    "/\\e",
    "http://[::1",
    "http://127.0.0.1:1/",
    "http://[::ffff:127.0.0.1]/",
    "http://0x7f.1/",
    "https://user:pass@[fe80::1%25lo]/",
    "http://a..b/",
    "http://" + "a" * 300 + ".invalid/",
    "file:///etc/passwd",
    "2026-02-30",
    "0000-00-00",
    "a" * 100_000,
    "[]",
    "{}",
    "null",
    "true",
    "on",
    "like",
    "unlike",
    "follow",
    "unfollow",
    "_save",
    "delete_selected",
    "9999-12-31T23:59:59.999999Z_9223372036854775807",
    "2026-01-01T00:00:00Z_1",
]
NAMES = (
    "action before after told next url title description image photo choice preview q p o e "
    "username email login password password1 password2 oldpassword language first_name last_name "
    "date_of_birth photo-clear remember user is_active_exact _popup _to_field _selected_action "
    "index select_across app_label model_name field_name term all created__gte slug"
).split()
HEADERS = (
    "HX-Request HX-Boosted HX-Target HX-Trigger HX-Current-URL HX-History-Restore-Request "
    "HX-Current-URL-URI-AutoEncoded HX-Prompt Accept Accept-Encoding Accept-Language Referer "
    "Origin Range If-None-Match If-Modified-Since X-Forwarded-For X-Forwarded-Proto "
    "X-Forwarded-Host X-Request-ID X-HTTP-Method-Override User-Agent Authorization Cookie "
    "Content-Encoding Expect Forwarded Sec-Fetch-Site"
).split()
TYPES = [
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=latin-1",
    "application/x-www-form-urlencoded; charset=nonsense",
    "multipart/form-data; boundary=limit",
    "multipart/form-data; boundary=" + "b" * 300,
    "multipart/form-data",
    "multipart/form-data; boundary*=foo''x",
    "text/html; charset*=undefined''%ff",
    "text/plain; charset=" + "q" * 20_000,
    "application/json",
    "text/plain",
    "\xff/\xff",
]
FILES = [
    b"",
    b"GIF89a",
    b"\x89PNG\r\n\x1a\n" + bytes(50),
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"\xff\xd8\xff\xe0" + bytes(200),
    b"RIFF\x24\0\0\0WEBPVP8 " + bytes(30),
]
CORPUS = {
    "methods": set(METHODS),
    "texts": TEXTS,
    "long texts": WORST,
    "fields": NAMES,
    "headers": HEADERS,
    "types of bodies": TYPES,
    "files": FILES,
}


@dataclass
class Fuzzer:
    """Makes requests to URLs of given routes, with keys, names and sessions that there are."""

    random: Random
    routes: list[str]
    keys: list[str]
    names: list[str]
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
        """Return a hostile value, or one that means something here."""
        if self.random.random() < 0.4:
            return self.random.choice(self.keys + self.names)
        if self.random.random() < 0.01:
            # As many are short as are long, up to 3 MB.
            return long(self.random.choice(WORST), int(10 ** self.random.uniform(3, 6.5)))
        text = self.random.choice(TEXTS)
        if self.random.random() < 0.1:
            text += self.random.choice(TEXTS)
        return text

    def path(self, route: str) -> str:
        """Fill in a route, and put a query behind it."""
        path = re.sub("<[^>]+>", self.part, route)
        if self.random.random() < 0.05:
            path += self.quoted(self.text())
        if self.random.random() < 0.5:
            path += "?" + self.fields()[:70_000]
        return path

    def part(self, place: re.Match[str]) -> str:
        if self.random.random() < 0.3:
            return self.quoted(self.text())
        return self.random.choice(self.names if "username" in place[0] else self.keys)

    def quoted(self, text: str) -> str:
        quoted = quote(text[:2000], safe="", errors="replace")
        if self.random.random() < 0.1:
            # Broken percent signs and bytes that are no text.
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
            headers["Cookie"] = f"csrftoken={TOKEN}; sessionid={session}"
        return headers

    def body(self) -> tuple[str, bytes]:
        """Return a content type and a body, which often belong together."""
        pick = self.random
        kind = pick.choice(TYPES[:1] * 8 + TYPES[4:5] * 4 + TYPES)
        fields = f"csrfmiddlewaretoken={TOKEN}&{self.fields()}".encode()
        if not kind.endswith("=limit"):
            return kind, pick.choice([fields] * 8 + [b"", b"\xff\xfe\x00", b"&" * 1200, b"a=%ff"])
        parts = [("csrfmiddlewaretoken", "", TOKEN.encode())]
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
