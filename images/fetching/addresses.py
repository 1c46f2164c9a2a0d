"""Check whether addresses that people type are on the public internet."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Self
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http.request import validate_host
from django.utils.translation import gettext_lazy as _

from web.addresses import AROUND, PORTS, WebAddress

MAX_LENGTH = 2000

# Python calls these global, but they lead to private networks or to those of a provider.
NOT_PUBLIC_4 = [ip_network("192.88.99.0/24"), ip_network("168.63.129.16/32")]
PUBLIC_6 = ip_network("2000::/3")
NOT_PUBLIC_6 = [
    ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]
# An IPv6 address may embed an IPv4 address after this number.
ISATAP = 0x5EFE

WRONG_PORT = _("Remove the port from the address. Magpie only fetches from the usual ports.")
TOO_LONG = _(
    "The address is longer than %(limit_value)s characters. Download the image and upload it."
)


def too_long() -> ValidationError:
    return ValidationError(TOO_LONG, params={"limit_value": MAX_LENGTH})


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
class Address(WebAddress):
    """A web address from which Magpie may fetch."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse an address; ValidationError, with a text for the viewer, if it is not allowed."""
        if len(text.strip(AROUND)) > MAX_LENGTH:
            raise too_long()
        address = super().parse(text)
        address.check()
        return address

    def check(self) -> None:
        """Refuse an unusual port, and an address that is too long to be stored."""
        if self.port not in PORTS.values() and not self.is_exempt:
            raise ValidationError(WRONG_PORT)
        if len(self.url) > MAX_LENGTH:
            raise too_long()

    def join(self, location: str) -> Self:
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
