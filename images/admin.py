from collections.abc import Collection, Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from images.belongings import actions_about, likes_of
from images.models import Image
from web.bounded_lists import BoundedListAdmin
from web.deletion_questions import DeletionQuestionAdmin


@admin.register(Image)
class ImageAdmin(BoundedListAdmin[Image], DeletionQuestionAdmin[Image]):
    list_display = ["title", "user", "created"]
    list_select_related = ["user"]
    list_filter = ["created"]
    sortable_by = ["created"]
    search_fields = ["^title", "=user__username"]
    search_help_text = _("The beginning of a title, or a username")
    fields = [
        *("user", "title", "alt", "description", "url", "page_url", "credit"),
        *("image", "created"),
    ]
    readonly_fields = ["user", "url", "page_url", "image", "created"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Images are only added by the form for saving them, which sanitizes them.
        return False

    def deleted_with(self, keys: Collection[int]) -> Iterable[QuerySet[Any]]:
        return likes_of(keys), actions_about(keys)
