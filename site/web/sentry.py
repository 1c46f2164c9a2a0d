"""Report errors to Sentry: where they were raised and in which request, no user data."""

import sys
from pathlib import Path
from typing import Any

import sentry_sdk
from django.core.signals import got_request_exception
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from sentry_sdk.types import Event, Hint

from web.logs import SAFE_MESSAGES, request_fields


def report_to(dsn: str, root: Path) -> None:
    """Report each error that is answered with 500 and above."""
    sentry_sdk.init(
        dsn,
        # They would add the request, and earlier log lines and database queries.
        default_integrations=False,
        project_root=str(root),
        auto_session_tracking=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        # The client has disconnected.
        ignore_errors=[UnreadablePostError],
        before_send=without_messages,
    )
    got_request_exception.connect(report)


def report(request: HttpRequest, **signal: Any) -> None:
    fields = request_fields(request)
    user = {"id": fields.pop("user_id")}
    sentry_sdk.capture_exception(sys.exception(), user=user, tags=fields)


def without_messages(event: Event, hint: Hint) -> Event:
    """Remove the messages of errors that may contain something that people sent."""
    kinds = {kind.__name__ for kind in SAFE_MESSAGES}
    for error in event["exception"]["values"]:
        if error["type"] not in kinds:
            error["value"] = ""
    return event
