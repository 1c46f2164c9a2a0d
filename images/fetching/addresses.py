"""Parse addresses that people type, and check whether they are on the public internet."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urljoin, urlsplit

import idna
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http.request import validate_host
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext_lazy as _

PORTS = {"http": 80, "https": 443}
MAX_LENGTH = 2000
HOST_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?", re.ASCII)
# A scheme, as opposed to a host with a port.
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
# Host names have up to 253 characters. Checking one takes time quadratic in its combining marks.
HOST = re.compile(r"[^/?#]*//(?P<host>[^/?#]*)")
MAX_HOST = 300
CONTROL = re.compile(r"[\x00-\x1f\x7f]")

# Python calls these global, but they lead to private networks or to those of a provider.
NOT_PUBLIC_4 = [ip_network("192.88.99.0/24"), ip_network("168.63.129.16/32")]
PUBLIC_6 = ip_network("2000::/3")
NOT_PUBLIC_6 = [
    ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]
# An IPv6 address may embed an IPv4 address after this number.
ISATAP = 0x5EFE

NOT_AN_ADDRESS = _("This is not a web address. Copy it from your browser again.")
WRONG_SCHEME = _("The address must start with https:// or http://.")
WITH_CREDENTIALS = _("Remove the username and the password from the address.")
WRONG_PORT = _("Remove the port from the address. Magpie only fetches from the usual ports.")
TOO_LONG = _(
    "The address is longer than %(limit_value)s characters. Download the image and upload it."
)


def too_long() -> ValidationError:
    return ValidationError(TOO_LONG, params={"limit_value": MAX_LENGTH})


def has_long_host(text: str) -> bool:
    """Return whether the host of an address is longer than a host can be."""
    match = HOST.match(text)
    return bool(match and len(match["host"]) > MAX_HOST)


def is_public(address: str) -> bool:
    """Return whether an IP address, in any notation, is on the public internet."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is None:
            return _is_public_6(ip)
        ip = ip.ipv4_mapped
    return _is_public_4(ip)


def _is_public_4(ip: IPv4Address) -> bool:
    is_refused = any(ip in network for network in NOT_PUBLIC_4)
    return ip.is_global and not ip.is_multicast and not is_refused


def _is_public_6(ip: IPv6Address) -> bool:
    is_refused = any(ip in network for network in NOT_PUBLIC_6)
    hides_ipv4 = int(ip) >> 32 & 0xFFFF == ISATAP
    return ip in PUBLIC_6 and not is_refused and not hides_ipv4


@dataclass(frozen=True)
class Address:
    """A web address with an allowed scheme and port."""

    scheme: str
    host: str
    port: int
    # Includes the query.
    path: str

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Parse an address; ValidationError, with a text for the viewer, if it is not allowed."""
        text = text.strip()
        if len(text) > MAX_LENGTH:
            raise too_long()
        url = text if SCHEME.match(text) else f"https://{text}"
        if has_long_host(url):
            raise ValidationError(NOT_AN_ADDRESS)
        try:
            parts = urlsplit(url)
            port = parts.port
            path = iri_to_uri((parts.path or "/") + (parts.query and f"?{parts.query}"))
        except ValueError as error:
            raise ValidationError(NOT_AN_ADDRESS) from error
        if parts.scheme not in PORTS:
            raise ValidationError(WRONG_SCHEME)
        if "@" in parts.netloc:
            raise ValidationError(WITH_CREDENTIALS)
        if CONTROL.search(text):
            raise ValidationError(NOT_AN_ADDRESS)
        host = _ascii_host(parts.hostname or "")
        address = cls(parts.scheme, host, PORTS[parts.scheme] if port is None else port, path)
        address.check()
        return address

    def check(self) -> None:
        """Refuse an unusual port, and an address that is too long to be stored."""
        if self.port not in PORTS.values() and not self.is_exempt:
            raise ValidationError(WRONG_PORT)
        if len(self.url) > MAX_LENGTH:
            raise too_long()

    @property
    def url(self) -> str:
        """The whole address, in ASCII and without a fragment."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    def join(self, location: str) -> "Address":
        """Return the target of a redirect or link from this address to `location`."""
        return self.parse(urljoin(self.url, location))

    @property
    def is_exempt(self) -> bool:
        """Whether the settings allow this host and port even if it is not public."""
        return f"{self.host}:{self.port}" in settings.FETCH_ALLOWED_HOSTS

    @property
    def is_own_site(self) -> bool:
        """Whether the host is one of the site's own names."""
        names = [name.strip("[]") for name in settings.ALLOWED_HOSTS if name != "*"]
        return validate_host(self.host.rstrip("."), [settings.SITE_HOST, *names])


def _ascii_host(host: str) -> str:
    if ":" in host:
        return _ipv6(host)
    try:
        name = host if host.isascii() else idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise ValidationError(NOT_AN_ADDRESS) from error
    if not HOST_NAME.fullmatch(name):
        raise ValidationError(NOT_AN_ADDRESS)
    return name


def _ipv6(host: str) -> str:
    try:
        address = IPv6Address(host)
    except ValueError as error:
        raise ValidationError(NOT_AN_ADDRESS) from error
    if address.scope_id:
        raise ValidationError(NOT_AN_ADDRESS)
    return str(address)
