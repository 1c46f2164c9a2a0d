"""The cookies of one fetch."""

from email.message import Message
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from types import SimpleNamespace
from urllib.request import Request

from urllib3.response import BaseHTTPResponse

from images.fetching.addresses import Address

# As in browsers, which keep more cookies, and cookies of the same length.
MAX_COOKIES, MAX_COOKIE_LENGTH = 50, 4096


class Cookies(CookieJar):
    """Cookies that are sent back only to the hosts and paths that may see them."""

    def __init__(self) -> None:
        # By default, subdomains also see cookies that do not name a domain.
        strict = DefaultCookiePolicy.DomainStrictNonDomain
        super().__init__(DefaultCookiePolicy(strict_domain=True, strict_ns_domain=strict))

    def set_cookie(self, cookie: Cookie) -> None:
        length = len(cookie.name) + len(cookie.value or "")
        if length <= MAX_COOKIE_LENGTH and len(self) < MAX_COOKIES:
            super().set_cookie(cookie)

    def header(self, address: Address) -> dict[str, str]:
        """Return the header with the cookies for an address, or nothing."""
        request = Request(address.url)  # noqa: S310
        self.add_cookie_header(request)
        return dict(request.header_items())

    def receive(self, response: BaseHTTPResponse, address: Address) -> None:
        """Keep the cookies of a response from an address."""
        # Python takes seconds to parse long ones.
        short = Message()
        for line in response.headers.getlist("Set-Cookie")[:MAX_COOKIES]:
            if len(line) <= 2 * MAX_COOKIE_LENGTH:
                short["Set-Cookie"] = line
        parsed = SimpleNamespace(info=lambda: short)
        self.extract_cookies(parsed, Request(address.url))  # type: ignore[arg-type]  # noqa: S310
