"""Responses for browsers with and without htmx: a whole page, or the requested partial."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from django import shortcuts
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, REDIRECT_FIELD_NAME, SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django_components import render_dependencies
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

# The fragment of a control in a feed begins with the entry's action.
SCOPE = re.compile(r"a[0-9]{1,19}-")
# Keeps django-components 0.152 from adding its script. A context processor would run too late.
WITHOUT_SCRIPTS = {"DJC_DEPS_STRATEGY": "simple"}


class HtmxRequest(HttpRequest):
    """A request with the details that django-htmx adds."""

    htmx: HtmxDetails


class ViewerRequest(HtmxRequest):
    """A request from a signed-in viewer."""

    user: User


def wants_partial(request: HtmxRequest) -> bool:
    """Return whether htmx requests a partial. Boosts and history restores need the whole page."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(
    request: HtmxRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    partial: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the page `template`, or its `partial` for htmx, such as `home/stream.html#feed`."""
    name = partial if partial and wants_partial(request) else template
    response = shortcuts.render(request, name, WITHOUT_SCRIPTS | (context or {}), status=status)
    if name != template:
        # This removes the comments that django-components leaves in partials.
        response.content = render_dependencies(response.content, strategy="simple")
    patch_vary_headers(response, ["HX-Request"])
    return response


def no_content() -> HttpResponse:
    """Return a 204, on which htmx swaps nothing."""
    response = HttpResponse(status=204)
    patch_vary_headers(response, ["HX-Request"])
    return response


def next_url(request: HttpRequest, default: Any) -> str:
    """Return the posted `next` if it leads to this site, else the URL of `default`."""
    url = request.POST.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_ours else resolve_url(default)


def scope_of(url: str) -> str:
    """Return what the ids in an entry of a feed begin with, if a URL leads into one.

    A page may show an image or a person in several entries, so their ids alone are not unique.
    """
    found = SCOPE.match(urlsplit(url).fragment)
    return found[0] if found else ""


def redirect_after_post(request: HtmxRequest, to: str) -> HttpResponse:
    """Redirect to `to` after a form was accepted."""
    if wants_partial(request):
        response: HttpResponse = HttpResponseClientRedirect(to)
    else:
        response = HttpResponseRedirect(to, status=303)
    patch_vary_headers(response, ["HX-Request"])
    return response


@contextmanager
def not_found_if(*errors: type[Exception]) -> Iterator[None]:
    """Answer 404 if one of `errors` is raised, for example because a row was just deleted."""
    try:
        yield
    except errors as error:
        raise Http404 from error


def viewer_among(request: HttpRequest, people: QuerySet[User]) -> User | None:
    """Return the signed-in user, loaded by the queryset `people`; None if there is none.

    This saves the query of `request.user` and checks the same: that the user is active, and that
    the password has not changed since the session began.
    """
    key, session_hash = request.session.get(SESSION_KEY), request.session.get(HASH_SESSION_KEY, "")
    viewer = people.filter(pk=key, is_active=True).first() if key else None
    is_valid = viewer and constant_time_compare(session_hash, viewer.get_session_auth_hash())
    return viewer if is_valid else None


def to_login(request: HtmxRequest) -> HttpResponse:
    """Redirect to the login page, which leads back to the page that is open in the browser."""
    redirect = redirect_to_login(open_page(request), resolve_url(settings.LOGIN_URL))
    response = HttpResponseClientRedirect(redirect.url) if request.htmx else redirect
    patch_vary_headers(response, ["HX-Request"])
    if request.htmx:
        # The address depends on the page that the browser shows.
        add_never_cache_headers(response)
    return response


def open_page(request: HtmxRequest) -> str:
    """Return the address of the page that is open in the browser."""
    with suppress(ValueError):
        if path := request.htmx.current_url_abs_path:
            return path
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    # The URL of an action is one level below the page of its object.
    return next_url(request, request.path.rstrip("/").rpartition("/")[0] + "/")


class LoginMiddleware(LoginRequiredMiddleware):
    """Redirect to the login page unless the viewer is signed in."""

    def handle_no_permission(self, request: Any, view_func: Any) -> Any:
        return to_login(request)
