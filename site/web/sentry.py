"""Errors told to Sentry: where they were raised, in which request, and nothing that people sent."""

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
    """Tell Sentry of each error that is answered by 500 and up."""
    sentry_sdk.init(
        dsn,
        # They would take along the request, and what was logged and asked of the database before.
        default_integrations=False,
        project_root=str(root),
        auto_session_tracking=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        # Who sent it is gone.
        ignore_errors=[UnreadablePostError],
        before_send=without_words,
    )
    got_request_exception.connect(report)


def report(request: HttpRequest, **signal: Any) -> None:
    fields = request_fields(request)
    user = {"id": fields.pop("user_id")}
    sentry_sdk.capture_exception(sys.exception(), user=user, tags=fields)


def without_words(event: Event, hint: Hint) -> Event:
    """Take away what errors say, where it may be of what people sent."""
    kinds = {kind.__name__ for kind in SAFE_MESSAGES}
    for error in event["exception"]["values"]:
        if error["type"] not in kinds:
            error["value"] = ""
    return event
