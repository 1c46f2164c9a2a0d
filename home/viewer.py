"""Load the viewer of each page, with the number of unseen notifications."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from stream.notifications import unseen
from web.pages import viewer_among


class Count(Subquery):
    """The number of rows of a query, which may have a limit."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def with_unseen_count(people: QuerySet[User]) -> QuerySet[Any]:
    """Annotate the number of each person's unseen actions, at most `MAX_COUNT` of notifications."""
    rows = unseen(OuterRef("pk"), OuterRef("profile__notifications_seen"))
    return people.annotate(unseen_count=Count(rows.values("pk")))


@cache
def viewers() -> QuerySet[Any]:
    """Return all users, each with what every page shows of its viewer.

    That is the unseen notifications, the step of the first visit, and the settings of the home
    feed. The queryset is made once, because every page needs it.
    """
    names = ("first_step", "following_count", "has_images_only")
    profile = {name: F(f"profile__{name}") for name in names}
    return with_unseen_count(User.objects.annotate(**profile))


class ViewerMiddleware:
    """Load the viewer with what the header of each page shows, in the same query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: load_viewer(request))  # type: ignore[assignment]
        return self.get_response(request)


def load_viewer(request: Any) -> Any:
    """Return the viewer, and keep them for the log, as Django does."""
    viewer = viewer_among(request, viewers())
    # Django also knows sessions of an earlier secret key, and signed-out people.
    request._cached_user = viewer or get_user(request)
    return request._cached_user
