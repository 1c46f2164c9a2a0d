"""Addresses of people in another spelling, such as `/people/DEMO/`."""

import unicodedata
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch, reverse

from people.models import Profile
from people.usernames import skeleton
from web.pages import ViewerRequest

type View = Callable[..., HttpResponse]

MAX_LENGTH = 150


def username_like(typed: str) -> str:
    """Return the username of the active person that differs from `typed` in case only, or ""."""
    if len(typed) > MAX_LENGTH:
        return ""
    # Spellings of one username share a skeleton, which is unique. Look-alikes share it, too.
    person = Profile.objects.active().filter(username_skeleton=skeleton(typed)).first()
    username = person.user.get_username() if person else ""
    is_other = username != typed and folded(username) == folded(typed)
    return username if is_other else ""


def folded(username: str) -> str:
    return unicodedata.normalize("NFKC", username).casefold()


def redirect_other_spellings(view: View) -> View:
    """Redirect a GET request that no person's page answers to the page of the person it means.

    The usernames differ in case only. A POST is not repeated at another address.
    """

    @wraps(view)
    def redirecting(request: ViewerRequest, username: str, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, username, **kwargs)
        except Http404:
            own = username_like(username) if request.method in {"GET", "HEAD"} else ""
            if not own:
                raise
        match = cast("ResolverMatch", request.resolver_match)
        query = request.META["QUERY_STRING"]
        url = reverse(match.view_name, kwargs={**match.kwargs, "username": own})
        return redirect(f"{url}?{query}" if query else url)

    return redirecting
