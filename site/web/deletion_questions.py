"""The admin's questions before deletions, with numbers instead of a line for each row."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

# Rows of one kind that are counted at most, so that nobody's fame makes a page slow.
MOST = 1000


class DeletionQuestionAdmin[M: Model](admin.ModelAdmin[M]):
    """An admin that asks before a deletion how many rows of each kind are to go."""

    def deleted_with(self, keys: Collection[int]) -> Iterable[QuerySet[Any]]:
        """Return what is deleted with the rows that have these keys. No row is in two results."""
        raise NotImplementedError

    def get_deleted_objects(
        self, objs: Sequence[M] | QuerySet[M], request: HttpRequest
    ) -> tuple[list[str], dict[str, Any], set[str], list[str]]:
        """Return names and numbers. Django would return a line for each row that is deleted."""
        counts: Counter[type[Model]] = Counter({self.model: len(objs)})
        for rows in self.deleted_with([row.pk for row in objs]):
            counts[rows.model] += rows.order_by()[: MOST + 1].count()
        # Leave out kinds of which there are none.
        counts = +counts
        forbidden = [model._meta for model in counts if not self.may_delete(request, model)]
        numbers = {
            str(model._meta.verbose_name_plural): number if number <= MOST else f"{MOST:,}+"
            for model, number in counts.items()
        }
        return [*map(str, objs)], numbers, {str(meta.verbose_name) for meta in forbidden}, []

    def may_delete(self, request: HttpRequest, model: type[Model]) -> bool:
        if not self.admin_site.is_registered(model):
            return True
        return self.admin_site.get_model_admin(model).has_delete_permission(request)
