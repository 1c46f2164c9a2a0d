"""The secret key, cookies, HTTPS and the content security policy."""

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.csp import CSP

from config.settings.address import HTTPS
from config.settings.base import VAR
from config.settings.environment import text, wrong


def kept_secret_key(path: Path) -> str:
    """Return the key in a file, which is made on the first start."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(get_random_secret_key())
    return path.read_text()


def secret_key() -> str:
    path = VAR / "secret_key"
    try:
        return text("SECRET_KEY") or kept_secret_key(path)
    except OSError as error:
        problem = f"SECRET_KEY is not set, and {path} cannot be used ({error.strerror})."
        raise ImproperlyConfigured(problem) from error


def security_contact() -> str:
    """Return the address for reports of security problems as a URI, empty if there is none."""
    value = text("SECURITY_CONTACT")
    if not value or re.fullmatch(r"https://[^/\s]\S*", value):
        return value
    if not re.fullmatch(r"[^@:\s]+@[^@\s]+", value):
        raise wrong("SECURITY_CONTACT", "an email address or an https address", value)
    return f"mailto:{value}"


SECRET_KEY = secret_key()
SECURITY_CONTACT = security_contact()

SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "web.errors.csrf_failure"
# Forms contain the token, so scripts need not read the cookie.
CSRF_COOKIE_HTTPONLY = True
CHANGE_COOKIE_NAME = "change"
POSITION_COOKIE_NAME = "position"
SECURE_SSL_REDIRECT = HTTPS
# A client's address is the one that the single proxy in front saw.
ALLAUTH_TRUSTED_PROXY_COUNT = int(HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
if HTTPS:
    # TLS ends at the proxy, which must set this header itself.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    # Browsers accept cookies with this prefix from this host only, not from its subdomains.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    CHANGE_COOKIE_NAME = "__Host-change"
    POSITION_COOKIE_NAME = "__Host-position"
    LANGUAGE_COOKIE_NAME = "__Host-language"
