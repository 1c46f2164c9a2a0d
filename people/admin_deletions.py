"""The deletion of people in the admin."""

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from people.deletion import delete_people, rows_of
from web.deletion_questions import DeletionQuestionAdmin


class StoppedError(Exception):
    """Some people were reactivated while they were being deleted."""

    def __init__(self, people: Collection[User]) -> None:
        super().__init__(people)
        self.people = people


class PeopleDeletionAdmin(DeletionQuestionAdmin[User]):
    """Delete people in short transactions, and name those whose deletion was stopped."""

    def deleted_with(self, keys: Collection[int]) -> Iterable[QuerySet[Any]]:
        return rows_of(keys)

    @method_decorator(csrf_protect)
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        try:
            # Django 6.1 runs the private view in one transaction, which could not be interrupted.
            return self._delete_view(request, object_id, extra_context)  # type: ignore[attr-defined]
        except StoppedError as stopped:
            return self.report(request, stopped)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        try:
            return super().changelist_view(request, extra_context)
        except StoppedError as stopped:
            return self.report(request, stopped)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self.delete_queryset(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: Iterable[User]) -> None:
        # Returning would let Django say that all were deleted.
        if left := delete_people(queryset):
            raise StoppedError(left)

    def report(self, request: HttpRequest, stopped: StoppedError) -> HttpResponseRedirect:
        for person in stopped.people:
            text = _("The deletion of %(person)s was stopped, because the account was reactivated.")
            messages.warning(request, text % {"person": person})
        return HttpResponseRedirect(reverse("admin:auth_user_changelist"))
