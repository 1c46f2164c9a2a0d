"""Lists of the admin whose cost does not grow with the number of rows."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

# A list has at most this many rows, and so has each part of a search.
LIMIT = 1000
LOOKUPS = {"^": "istartswith", "=": "iexact"}


class BoundedPaginator(Paginator[Any]):
    """A paginator of the first rows, which counts no others."""

    object_list: models.QuerySet[Any]
    limit = LIMIT

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[: self.limit].count()


class BoundedListAdmin[M: models.Model](admin.ModelAdmin[M]):
    """An admin with lists of at most `LIMIT` rows.

    In `search_fields`, "^" finds the beginning of a field that has a `PrefixIndex`, and "=" its
    whole value.
    """

    paginator = BoundedPaginator
    # Most of a page's cost is its rows.
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def conditions(self, term: str) -> Iterable[Q]:
        """Return the conditions of a search.

        A row has to meet one of them, and each has an index.
        """
        return [Q((f"{field[1:]}__{LOOKUPS[field[0]]}", term)) for field in self.search_fields]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[M], search_term: str
    ) -> tuple[models.QuerySet[M], bool]:
        if not search_term.strip():
            return queryset, False
        # In one query, databases would look at every row: an index answers only one condition.
        rows = queryset.order_by().values_list("pk", flat=True)
        parts = [rows.filter(part)[:LIMIT] for part in self.conditions(search_term.strip())]
        return queryset.filter(pk__in={key for part in parts for key in part}), False

    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet[M], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        # "Select all" must not select more than the list has.
        listed = queryset.values_list("pk", flat=True)[:LIMIT]
        selected = queryset.filter(pk__in=[*listed]) if selects_all_pages(request) else queryset
        return super().response_action(request, selected, *args, **kwargs)


def selects_all_pages(request: HttpRequest) -> bool:
    """Return whether an action is for all rows of the list, including those on other pages."""
    return request.POST.get("select_across", "0") != "0"
