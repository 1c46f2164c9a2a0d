"""Text browsers show what a press has changed, although they keep pages."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.utils.crypto import get_random_string

# After a redirect, these browsers may show their old copy of a page, whatever its headers say.
TEXT_BROWSERS = re.compile(r"\b(w3m|Lynx|E?Links|Dillo|NetSurf)\b")


class TextBrowserMiddleware:
    """After a form, redirect a text browser to an address that it has not seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_after_form = request.method == "POST" and isinstance(response, HttpResponseRedirectBase)
        if is_after_form and TEXT_BROWSERS.search(request.headers.get("User-Agent", "")):
            response["Location"] = with_new_query(response["Location"])
        return response


def with_new_query(url: str) -> str:
    """Return `url` with a random parameter, so that the browser has no copy of it."""
    parts = urlsplit(url)
    query = QueryDict(parts.query, mutable=True)
    query["fresh"] = get_random_string(6)
    return parts._replace(query=query.urlencode()).geturl()
