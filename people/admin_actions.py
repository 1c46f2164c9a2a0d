"""The admin's actions on selected people."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from people import deactivation
from people.counts import deadline_of_request

type Admin = admin.ModelAdmin[User]


@admin.action(description=_("Deactivate selected %(verbose_name_plural)s"), permissions=["change"])
def deactivate(model_admin: Admin, request: HttpRequest, queryset: QuerySet[User]) -> None:
    active = queryset.filter(is_active=True)
    number = _log(request, active, gettext("Deactivated."))
    deactivation.deactivate(queryset, deadline_of_request())
    text = ngettext("%d person was deactivated.", "%d people were deactivated.", number)
    messages.success(request, text % number)


@admin.action(description=_("Reactivate selected %(verbose_name_plural)s"), permissions=["change"])
def reactivate(model_admin: Admin, request: HttpRequest, queryset: QuerySet[User]) -> None:
    inactive = queryset.filter(is_active=False)
    number = _log(request, inactive, gettext("Reactivated."))
    deactivation.reactivate(queryset, deadline_of_request())
    text = ngettext("%d person was reactivated.", "%d people were reactivated.", number)
    messages.success(request, text % number)


def _log(request: HttpRequest, people: QuerySet[User], text: str) -> int:
    """Add a text to the history of people. Return their number."""
    entries: Any = LogEntry.objects
    entries.log_actions(request.user.pk, people, CHANGE, text)
    return len(people)
