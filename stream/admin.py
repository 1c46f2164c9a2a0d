from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stream.models import Action
from stream.targets import target_models
from web.bounded_lists import LIMIT, BoundedListAdmin


class KeySelect(AutocompleteSelect):
    """An autocomplete field that ignores an invalid key, on which Django's own raises an error."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        known = []
        for key in value:
            with suppress(ValidationError):
                known += [key] if self.choices.field.to_python(key) else []
        return super().optgroups(name, known, attr)


@admin.register(Action)
class ActionAdmin(BoundedListAdmin[Action]):
    list_display = ["user", "verb", "target", "created"]
    list_filter = ["created"]
    list_select_related = ["user"]
    sortable_by = ["created"]
    search_fields = ["=user__username"]
    search_help_text = _("A username, or a part of the verb of a recent action")
    autocomplete_fields = ["user"]
    readonly_fields = ["created"]
    fields = ["user", "verb", "target_ct", "target_id", "created"]

    @admin.display(description=_("target"))
    def target(self, action: Action) -> Any:
        return action.target

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Action]:
        # A target cannot be loaded if its model is no longer installed.
        gone = [ct.pk for ct in ContentType.objects.all() if ct.model_class() is None]
        actions = super().get_queryset(request).exclude(target_ct__in=gone)
        return actions.fetch_mode(models.FETCH_PEERS)

    def conditions(self, term: str) -> Iterable[models.Q]:
        # Verbs have no index, so they are searched only in the actions that the list can show.
        newest = Action.objects.newest().values_list("pk", "verb")[:LIMIT]
        found = [pk for pk, verb in newest if term.casefold() in verb.casefold()]
        return [*super().conditions(term), models.Q(pk__in=found)]

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = KeySelect(db_field, self.admin_site)
        if db_field.name == "target_ct":
            types = ContentType.objects.get_for_models(*target_models())
            kwargs["queryset"] = ContentType.objects.filter(pk__in=[ct.pk for ct in types.values()])
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
