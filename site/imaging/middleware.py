"""Answer requests for which there is no decoding or fetching slot."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.log import log_response

from imaging.admission import REQUEST_WAIT, RETRY_AFTER, Admission, BusyError, admitting


class AdmissionMiddleware:
    """Limit the decoding and fetching of each request; 503 with Retry-After if it is refused.

    A form that shows the refusal as an error keeps its values.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with admitting(Admission(lambda: request.user.pk, REQUEST_WAIT)) as admission:
            response = self.get_response(request)
        if admission.was_refused and response.status_code in {
            HTTPStatus.OK,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        }:
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        if admission.was_refused and response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            for callback in admission.busy_callbacks:
                callback()
            response["Retry-After"] = str(RETRY_AFTER)
            # Clients repeat a request after this response only; another 503 may be an outage.
            response["Magpie-Busy"] = "1"
            # Django would log a 503 as an error, which being busy is not.
            log_response("Busy", response=response, request=request, level="info")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, BusyError):
            return render(request, "busy.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        return None
