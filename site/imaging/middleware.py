"""Tell a request that found no slot for its images when to come again."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.log import log_response

from imaging.admission import PATIENCE, RETRY_AFTER, BusyError, Ticket, ticket


class AdmissionMiddleware:
    """Give each request a ticket, and answer 503 with Retry-After if there was no place for it.

    A form that says so comes back as it was filled in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ticket(Ticket(lambda: request.user.pk, PATIENCE)) as used:
            response = self.get_response(request)
        if used.was_refused and response.status_code in {
            HTTPStatus.OK,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        }:
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        if used.was_refused and response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            for do in used.if_busy:
                do()
            response["Retry-After"] = str(RETRY_AFTER)
            # The page may send it again; other answers of this status may have lost the database.
            response["Magpie-Busy"] = "1"
            # Nothing is broken.
            log_response("Busy", response=response, request=request, level="info")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, BusyError):
            return render(request, "busy.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        return None
