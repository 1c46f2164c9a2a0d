"""How mail is sent."""

from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from config.settings.address import HTTPS, SITE_HOST
from config.settings.environment import text, wrong
from config.settings.tasks import HAS_WORKER

_EXPECTED = "an address such as smtp+tls://user:password@mail.example:587"
# The options of Django's mailers, by the names that django-environ gives them.
_OPTIONS = {
    "EMAIL_HOST": "host",
    "EMAIL_PORT": "port",
    "EMAIL_HOST_USER": "username",
    "EMAIL_HOST_PASSWORD": "password",
    "EMAIL_USE_TLS": "use_tls",
    "EMAIL_USE_SSL": "use_ssl",
    "EMAIL_FILE_PATH": "file_path",
}
# Seconds. Otherwise, a server that never answers would hold up the worker for ever.
TIMEOUT = 30


def mailer(url: str) -> dict[str, Any]:
    try:
        is_right = urlsplit(url).hostname or not url.startswith("smtp")
        found: dict[str, Any] = environ.Env.email_url_config(url)
    except (ImproperlyConfigured, ValueError) as error:
        raise wrong("EMAIL_URL", _EXPECTED) from error
    if not is_right or "://" not in url:
        raise wrong("EMAIL_URL", _EXPECTED)
    options = {name: found[key] for key, name in _OPTIONS.items() if found.get(key)}
    if "host" in options:
        options["timeout"] = TIMEOUT
    return {"BACKEND": found["EMAIL_BACKEND"], "OPTIONS": options}


# Without an address, mail is printed.
EMAIL_URL = text("EMAIL_URL")
SERVER = mailer(EMAIL_URL or "consolemail://")
if not (EMAIL_URL or HTTPS):
    SERVER["BACKEND"] = "web.mail.TerminalBackend"
QUEUE = {"BACKEND": "web.mail.QueueBackend"}
MAILERS = {"default": QUEUE if HAS_WORKER else SERVER, "server": SERVER}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = f"Magpie <magpie@{SITE_HOST}>"
