"""Compress the responses that are made for each request."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressTextMiddleware(GZipMiddleware):
    """Compress text only, as images are compressed already."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        if not response.headers.get("Content-Type", "").startswith("text/"):
            return response
        return super().process_response(request, response)
