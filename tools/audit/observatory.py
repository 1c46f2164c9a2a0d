"""The score that Mozilla's HTTP Observatory would give a page, by its published rules."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

BASE = 100
# A page that scores less than this before bonuses gets no bonus.
MINIMUM_FOR_BONUSES = 90
SIX_MONTHS = 15768000

BROAD = set("ftp: http: https: * http://* http://*.* https://* https://*.*".split())
INLINE = {"'unsafe-inline'", "data:"}
PASSIVE = {"img-src", "media-src"}
PRIVATE = set("no-referrer same-origin strict-origin strict-origin-when-cross-origin".split())
UNSAFE = set("origin origin-when-cross-origin unsafe-url no-referrer-when-downgrade".split())


@dataclass(frozen=True)
class Visit:
    """A response over https, and the address that http redirects to."""

    url: str
    headers: Mapping[str, str]
    cookies: list[str] = field(default_factory=list)
    html: str = ""
    http_leads_to: str = ""

    def header(self, name: str) -> str:
        return self.headers.get(name, "").strip().lower()

    @property
    def policy(self) -> dict[str, set[str]]:
        parts = (part.split() for part in self.header("Content-Security-Policy").split(";"))
        return {part[0]: set(part[1:]) for part in parts if part}

    def sources(self, name: str) -> set[str]:
        policy = self.policy
        return policy.get(name, policy.get("default-src", {"*"}))

    def schemes(self, *, passive: bool) -> bool:
        """Return whether the policy allows content over http."""
        every = [self.policy[name] for name in self.policy if (name in PASSIVE) is passive]
        return any(source.startswith(("http:", "ftp:")) for sources in every for source in sources)

    def cookie_lacks(self, attribute: str, *names: str) -> bool:
        """Return whether a cookie lacks an attribute. `names` selects cookies by parts of names."""
        lowered = [cookie.lower() for cookie in self.cookies]
        about = [c for c in lowered if not names or any(n in c.partition("=")[0] for n in names)]
        return any(not re.search(rf";\s*{attribute}\b", cookie) for cookie in about)

    @property
    def hsts(self) -> int:
        age = re.search(r"max-age=(\d+)", self.header("Strict-Transport-Security"))
        return int(age[1]) if age else 0

    @property
    def scripts(self) -> list[str]:
        return re.findall(r"<script\b[^>]*\bsrc=[^>]*>", self.html)

    @property
    def has_foreign_script(self) -> bool:
        urls = re.findall(r"""<script\b[^>]*\bsrc=["']?([^"'\s>]+)""", self.html)
        return any(urlsplit(url).netloc not in {"", urlsplit(self.url).netloc} for url in urls)


def session(visit: Visit, attribute: str) -> bool:
    return visit.cookie_lacks(attribute, "login", "sess")


type Rule = tuple[int, str, Callable[[Visit], object]]

# The first matching rule of each group counts.
RULES: dict[str, list[Rule]] = {
    "content-security-policy": [
        (-25, "not implemented", lambda v: not v.policy),
        (
            -20,
            "unsafe inline, or broad",
            lambda v: v.sources("script-src") & (BROAD | INLINE) or v.sources("object-src") & BROAD,
        ),
        (-20, "insecure scheme", lambda v: v.schemes(passive=False)),
        (
            -10,
            "unsafe eval",
            lambda v: "'unsafe-eval'" in v.sources("script-src") | v.sources("style-src"),
        ),
        (-10, "insecure scheme of images", lambda v: v.schemes(passive=True)),
        (0, "unsafe styles", lambda v: v.sources("style-src") & (BROAD | INLINE)),
        (10, "nothing by default", lambda v: v.policy.get("default-src") == {"'none'"}),
        (5, "nothing unsafe", lambda v: True),
    ],
    "cookies": [
        (0, "none", lambda v: not v.cookies),
        (-40, "session not secure", lambda v: session(v, "secure") and not v.hsts),
        (-30, "session open to scripts", lambda v: session(v, "httponly")),
        (-20, "csrf from other sites", lambda v: v.cookie_lacks("samesite=(?:lax|strict)", "csrf")),
        (-20, "not secure", lambda v: v.cookie_lacks("secure") and not v.hsts),
        (-10, "session not secure, but HSTS", lambda v: session(v, "secure")),
        (-5, "not secure, but HSTS", lambda v: v.cookie_lacks("secure")),
        (0, "without SameSite", lambda v: v.cookie_lacks("samesite=(?:lax|strict)")),
        (5, "secure, sessions closed to scripts, SameSite", lambda v: True),
    ],
    "cross-origin-resource-sharing": [
        (0, "none", lambda v: not v.header("Access-Control-Allow-Origin")),
        (-50, "with credentials", lambda v: v.header("Access-Control-Allow-Credentials") == "true"),
        (0, "public", lambda v: True),
    ],
    "redirection": [
        (-20, "missing", lambda v: not v.http_leads_to),
        (-20, "not to https", lambda v: urlsplit(v.http_leads_to).scheme != "https"),
        (
            -5,
            "to another host",
            lambda v: urlsplit(v.http_leads_to).netloc != urlsplit(v.url).netloc,
        ),
        (0, "to https", lambda v: True),
    ],
    "referrer-policy": [
        (0, "not implemented", lambda v: not v.header("Referrer-Policy")),
        (5, "private", lambda v: v.header("Referrer-Policy").split(",")[-1].strip() in PRIVATE),
        (-5, "unsafe or unknown", lambda v: True),
    ],
    # A place on the browsers' preload list would add 5, but no test site has one.
    "strict-transport-security": [
        (-20, "not implemented", lambda v: not v.hsts),
        (-10, "less than six months", lambda v: v.hsts < SIX_MONTHS),
        (0, "six months or more", lambda v: True),
    ],
    "subresource-integrity": [
        (0, "no scripts", lambda v: not v.scripts),
        (-5, "foreign scripts", lambda v: v.has_foreign_script),
        (5, "of all scripts", lambda v: all("integrity=" in script for script in v.scripts)),
        (0, "of our own scripts not needed", lambda v: True),
    ],
    "x-content-type-options": [
        (0, "nosniff", lambda v: v.header("X-Content-Type-Options") == "nosniff"),
        (-5, "not implemented", lambda v: True),
    ],
    "x-frame-options": [
        (5, "by the policy", lambda v: not v.policy.get("frame-ancestors", {"*"}) & BROAD),
        (0, "by the header", lambda v: v.header("X-Frame-Options") in {"deny", "sameorigin"}),
        (-20, "not implemented", lambda v: True),
    ],
    "cross-origin-resource-policy": [
        (0, "not implemented", lambda v: not v.header("Cross-Origin-Resource-Policy")),
        (
            10,
            "same origin or site",
            lambda v: v.header("Cross-Origin-Resource-Policy") in {"same-origin", "same-site"},
        ),
        (0, "cross-origin", lambda v: v.header("Cross-Origin-Resource-Policy") == "cross-origin"),
        (-5, "unknown", lambda v: True),
    ],
}


def modifiers(visit: Visit) -> dict[str, tuple[int, str]]:
    """Return the points and the rule of each group."""
    return {
        group: next((points, name) for points, name, matches in rules if matches(visit))
        for group, rules in RULES.items()
    }


def score(visit: Visit) -> int:
    """Return the page's score."""
    points = [points for points, _ in modifiers(visit).values()]
    without_bonuses = max(BASE + sum(point for point in points if point < 0), 0)
    if without_bonuses < MINIMUM_FOR_BONUSES:
        return without_bonuses
    return without_bonuses + sum(point for point in points if point > 0)
