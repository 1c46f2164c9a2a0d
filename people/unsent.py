"""A form that somebody sent after their session had ended. Signing in brings back what was typed.

Until then, it is kept in the login form, so that nobody else can see it or fill the database.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from allauth.account.app_settings import FORMS
from allauth.utils import get_form_class
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core import signing
from django.forms import HiddenInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django_htmx.http import push_url, reswap, retarget

from web import pages
from web.pages import HtmxRequest

FIELD = "unsent"
# Characters, encoded and signed. All fields of the longest form are shorter.
MAX_LENGTH = 100_000


def sign_in_first(request: HtmxRequest, typed: Mapping[str, Any]) -> HttpResponse:
    """Show the login form, with what was typed into the fields of another."""
    context = {
        "form": get_form_class(FORMS, "login", None)(request=request),  # type: ignore[no-untyped-call]
        "redirect_field": HiddenInput().render(REDIRECT_FIELD_NAME, request.path),
        "signup_url": resolve_url("account_signup"),
        FIELD: signing.dumps({**typed}, salt=FIELD),
    }
    response = pages.render(request, "account/login.html", context)
    if request.htmx:
        # The whole page takes the place of the form's.
        query = urlencode({REDIRECT_FIELD_NAME: request.path})
        push_url(response, f"{resolve_url('account_login')}?{query}")
        retarget(reswap(response, "innerHTML"), "body")
    return response


def keep(request: HttpRequest) -> None:
    """Keep what a person typed before they signed in, until `take`."""
    typed = request.POST.get(FIELD, "")
    if typed and len(typed) <= MAX_LENGTH:
        request.session[FIELD] = typed


def take(request: HttpRequest) -> dict[str, Any]:
    """Return what was typed, once."""
    with suppress(signing.BadSignature):
        typed: dict[str, Any] = signing.loads(request.session.pop(FIELD, ""), salt=FIELD)
        return typed
    return {}
