"""Maximum lengths of addresses, headers and values, for all views."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.db.models import Model, UUIDField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.encoding import iri_to_uri

from web.fields import MAX_LENGTH

# In characters. Proxies allow lines of 8 kB by default.
MAX_LINE = 8000
MAX_KEY_DIGITS = 19
UUID_KEY = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class BoundsMiddleware:
    """Refuse an address, a header, or a value that views read without a form if it is too long.

    Checking a URL normalizes its host, in time quadratic in the number of combining marks: 20
    seconds for 100,000 of them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.get_full_path()) > MAX_LINE:
            return render(request, "400.html", status=414)
        headers = (
            value
            for name, value in request.META.items()
            if name.startswith("HTTP_") or name == "CONTENT_TYPE"
        )
        if any(len(value) > MAX_LINE for value in headers):
            return render(request, "400.html", status=431)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Refuse values that views, also those of packages, read without a form."""
        urls = [url for data in (request.GET, request.POST) for url in data.getlist("next")]
        if any(len(iri_to_uri(url) or "") > MAX_LINE for url in urls):
            raise BadRequest("The address to go on to is too long.")
        # The admin's autocompletion adds a condition for each word. SQLite allows 1,000.
        if len(request.GET.get("term", "")) > MAX_LENGTH:
            raise BadRequest("The search is too long.")
        # The admin looks up a field by this name.
        if any("" in data.getlist("_to_field") for data in (request.GET, request.POST)):
            raise BadRequest("That is not a field.")
        # The admin looks up the rows without checking that these are keys.
        model = getattr(getattr(view[0], "model_admin", None), "model", None)
        if not all(is_key(key, model) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("Invalid key.")


def is_key(text: str, model: type[Model] | None) -> bool:
    """Return whether a text can be the key of a row."""
    if model and isinstance(model._meta.pk, UUIDField):
        return bool(UUID_KEY.fullmatch(text))
    return text.isdecimal() and len(text) <= MAX_KEY_DIGITS
