"""Logs on standard error, and reports to Sentry."""

from config.settings.address import HTTPS
from config.settings.base import BASE_DIR
from config.settings.environment import choice, text, wrong

# `json` logs every request and leaves out what people sent. `text` is for a terminal.
LOG_FORMAT = choice("LOG_FORMAT", "json" if HTTPS else "text", ["json", "text"])
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "web.logs.JsonFormatter"}, "text": {}},
    "filters": {"drop_client_error_tracebacks": {"()": "web.logs.DropClientErrorTracebacks"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["drop_client_error_tracebacks"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"level": "WARNING"},
        # `magpie.requests` logs refused requests.
        "django.request": {"level": "ERROR"},
        "magpie.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        # Errors that granian logs go through the site's handler.
        "_granian": {"propagate": True},
        # The worker. It would add a handler of its own.
        "django_ox": {
            "handlers": ["console"],
            "level": "INFO" if LOG_FORMAT == "json" else "WARNING",
            "propagate": False,
        },
        # Warns of malformed headers from other servers.
        "urllib3": {"level": "ERROR"},
    },
}
SENTRY_DSN = text("SENTRY_DSN")
if SENTRY_DSN:
    # Without a DSN, nothing of Sentry is loaded.
    from sentry_sdk.utils import BadDsn

    from web.sentry import report_to

    try:
        report_to(SENTRY_DSN, BASE_DIR)
    except BadDsn as error:
        raise wrong("SENTRY_DSN", "an address such as https://key@sentry.example/1") from error
