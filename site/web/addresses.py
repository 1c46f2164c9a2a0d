"""Parse web addresses that people type."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import Any, Self
from urllib.parse import urlsplit

import idna
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext_lazy as _

PORTS = {"http": 80, "https": 443}
HOST_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?", re.ASCII)
# A scheme, as opposed to a host with a port.
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
# Host names have up to 253 characters. Checking one takes time quadratic in its combining marks.
HOST = re.compile(r"[^/?#]*//(?P<host>[^/?#]*)")
MAX_HOST = 300
CONTROL = re.compile(r"[\x00-\x1f\x7f]")

# Pasted addresses may come with spaces, and with invisible characters of text that had directions.
AROUND = "".join(char for char in map(chr, range(0x3001)) if char.isspace()) + (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
)

NOT_AN_ADDRESS = _("This is not a web address. Copy it from your browser again.")
WRONG_SCHEME = _("The address must start with https:// or http://.")
WITH_CREDENTIALS = _("Remove the username and the password from the address.")


def has_long_host(text: str) -> bool:
    """Return whether the host of an address is longer than a host can be."""
    match = HOST.match(text)
    return bool(match and len(match["host"]) > MAX_HOST)


def is_of_the_web(field: str) -> Q:
    """Return the condition that an address is empty or of the web."""
    schemes = Q(**{f"{field}__startswith": "https://"}) | Q(**{f"{field}__startswith": "http://"})
    return Q(**{field: ""}) | schemes


@dataclass(frozen=True)
class WebAddress:
    """A web address with an allowed scheme."""

    scheme: str
    host: str
    port: int
    # Includes the query.
    path: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse an address; ValidationError, with a text for the viewer, if it is not allowed.

        The caller limits its length.
        """
        text = text.strip(AROUND)
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
        return cls(parts.scheme, host, PORTS[parts.scheme] if port is None else port, path)

    @property
    def origin(self) -> str:
        """The scheme, the host and an unusual port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def url(self) -> str:
        """The whole address, in ASCII and without a fragment."""
        return self.origin + self.path


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


class AddressField(forms.CharField):
    """An address of the web, in the form in which it is stored and compared."""

    def __init__(self, *, max_length: int, **options: Any) -> None:
        super().__init__(**options)
        # As an argument, it would add `maxlength`, and browsers would silently cut addresses.
        self.max_length = max_length

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attributes = {"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}
        return super().widget_attrs(widget) | attributes

    def clean(self, value: Any) -> str:
        url = super().clean(value)
        return self.parse(url) if url else ""

    def parse(self, url: str) -> str:
        """Return the address as it is stored; ValidationError if it is not allowed."""
        return WebAddress.parse(url).url
