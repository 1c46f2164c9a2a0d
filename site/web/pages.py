"""One URL, page or part: how every view answers a browser, with htmx and without."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, REDIRECT_FIELD_NAME, SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, ObjectNotUpdated
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django_components import render_dependencies
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

type View = Callable[..., HttpResponse]

# Keeps django-components from adding a script of its own; a context processor is too early for it.
WITHOUT_SCRIPTS = {"DJC_DEPS_STRATEGY": "simple"}


class HtmxRequest(HttpRequest):
    """A request that django-htmx has looked at."""

    htmx: HtmxDetails


class MemberRequest(HtmxRequest):
    """A request of somebody who is signed in."""

    user: User


def wants_part(request: HtmxRequest) -> bool:
    """Say whether htmx asked for a part; a boost or a history restore needs the whole page."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def respond(
    request: HtmxRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with the page in `template`, or with `part`, a `page.html#part`, if htmx asked."""
    name = part if part and wants_part(request) else template
    response = render(request, name, WITHOUT_SCRIPTS | (context or {}), status=status)
    if "#" in name:
        # django-components does not process partials, and would leave its comments in them.
        response.content = render_dependencies(response.content, strategy="simple")
    patch_vary_headers(response, ["HX-Request"])
    return response


def no_content() -> HttpResponse:
    """Tell htmx that there is nothing to swap."""
    response = HttpResponse(status=204)
    patch_vary_headers(response, ["HX-Request"])
    return response


def next_url(request: HttpRequest, default: Any) -> str:
    """Return the posted `next` where it leads to this site, else the URL of `default`."""
    url = request.POST.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_ours else resolve_url(default)


def see_other(request: HtmxRequest, to: str) -> HttpResponse:
    """Send the browser on to `to` after a form was accepted."""
    if wants_part(request):
        response: HttpResponse = HttpResponseClientRedirect(to)
    else:
        response = HttpResponseRedirect(to, status=303)
    patch_vary_headers(response, ["HX-Request"])
    return response


@contextmanager
def not_found_if_deleted() -> Iterator[None]:
    """Answer 404 where what is acted on, or who acts, was deleted meanwhile."""
    try:
        yield
    except (ObjectDoesNotExist, ObjectNotUpdated, IntegrityError) as error:
        raise Http404 from error


def viewer_among(request: HttpRequest, people: QuerySet[User]) -> User | None:
    """Return the one of `people` who is signed in, with all that this queryset fetches.

    It saves views that are asked all the time the query of `request.user`, and proves as much: that
    the person is active, and that no new password has ended the session.
    """
    key, proof = request.session.get(SESSION_KEY), request.session.get(HASH_SESSION_KEY, "")
    viewer = people.filter(pk=key, is_active=True).first() if key else None
    is_proved = viewer and constant_time_compare(proof, viewer.get_session_auth_hash())
    return viewer if is_proved else None


def members_only(view: View) -> View:
    """Let a view that is reached without signing in ask for it after all."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return to_login(request)

    return guarded


def to_login(request: HtmxRequest) -> HttpResponse:
    """Send somebody to the login page, and from there back to where they were."""
    redirect = redirect_to_login(page_of(request), resolve_url(settings.LOGIN_URL))
    response = HttpResponseClientRedirect(redirect.url) if request.htmx else redirect
    patch_vary_headers(response, ["HX-Request"])
    if request.htmx:
        # It leads back to where this very reader was.
        add_never_cache_headers(response)
    return response


def page_of(request: HtmxRequest) -> str:
    """Return the address of the page that the reader is looking at."""
    with suppress(ValueError):
        if path := request.htmx.current_url_abs_path:
            return path
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    # The URL of a write hangs below the page of what it acts on.
    return next_url(request, request.path.rstrip("/").rpartition("/")[0] + "/")


class LoginMiddleware(LoginRequiredMiddleware):
    """Send whoever is not signed in to the login page."""

    def handle_no_permission(self, request: Any, view_func: Any) -> Any:
        return to_login(request)
