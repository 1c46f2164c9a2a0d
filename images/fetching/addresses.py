"""Addresses that people type: taken apart, and told whether they are on the public internet."""

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
# A scheme, and not a host with its port.
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
# A name has up to 253 characters; checking a longer one takes time quadratic in its marks.
HOST = re.compile(r"[^/?#]*//(?P<host>[^/?#]*)")
MAX_HOST = 300
CONTROL = re.compile(r"[\x00-\x1f\x7f]")

# Of what Python calls global, these lead to networks of one's own or of one's provider.
NOT_PUBLIC_4 = [ip_network("192.88.99.0/24"), ip_network("168.63.129.16/32")]
PUBLIC_6 = ip_network("2000::/3")
NOT_PUBLIC_6 = [
    ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]
# An IPv4 address may hide behind this in the last half of an IPv6 address.
ISATAP = 0x5EFE

NOT_AN_ADDRESS = _("This is not an address of the web. Copy it from your browser again.")
WRONG_SCHEME = _("The address has to begin with https:// or http://.")
WITH_NAME = _("Leave the name and the password out of the address.")
WRONG_PORT = _("Leave the port out of the address: Magpie fetches from the usual ones only.")
TOO_LONG = _("The address is longer than %(limit_value)s characters. Save the image and upload it.")


def too_long() -> ValidationError:
    return ValidationError(TOO_LONG, params={"limit_value": MAX_LENGTH})


def has_long_host(text: str) -> bool:
    """Say whether what stands where an address has its host is too long for any."""
    match = HOST.match(text)
    return bool(match and len(match["host"]) > MAX_HOST)


def is_public(address: str) -> bool:
    """Say whether an IP address is one on the public internet, whatever its notation."""
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
    """An address of the web that may be tried: its scheme and its port are allowed ones."""

    scheme: str
    host: str
    port: int
    # With the query.
    path: str

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Take an address apart; ValidationError says what is wrong with it."""
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
            raise ValidationError(WITH_NAME)
        if CONTROL.search(text):
            raise ValidationError(NOT_AN_ADDRESS)
        host = _ascii_host(parts.hostname or "")
        address = cls(parts.scheme, host, PORTS[parts.scheme] if port is None else port, path)
        address.check()
        return address

    def check(self) -> None:
        """Refuse a port that the web does not use, and what is too long to be kept."""
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

    def follow(self, location: str) -> "Address":
        """Return the address that a redirect from here leads to."""
        return self.parse(urljoin(self.url, location))

    @property
    def is_exempt(self) -> bool:
        """Whether the settings allow this very host and port, wherever it is."""
        return f"{self.host}:{self.port}" in settings.FETCH_ALLOWED_HOSTS

    @property
    def is_ours(self) -> bool:
        """Whether this is a name of the site itself."""
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
