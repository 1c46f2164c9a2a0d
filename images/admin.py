from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from images.models import Image
from web.bounded_lists import BoundedListAdmin


@admin.register(Image)
class ImageAdmin(BoundedListAdmin[Image]):
    list_display = ["title", "user", "created"]
    list_select_related = ["user"]
    list_filter = ["created"]
    sortable_by = ["created"]
    search_fields = ["^title", "=user__username"]
    search_help_text = _("The beginning of a title, or a username")
    fields = ["user", "title", "description", "url", "image", "created"]
    readonly_fields = ["user", "url", "image", "created"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Images are only added by the form for saving them, which sanitizes them.
        return False
