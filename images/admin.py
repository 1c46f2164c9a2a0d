from django.contrib import admin
from django.http import HttpRequest

from images.models import Image


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin[Image]):
    list_display = ["title", "user", "created"]
    list_select_related = ["user"]
    list_filter = ["created"]
    search_fields = ["title", "user__username"]
    fields = ["user", "title", "description", "url", "image", "created"]
    readonly_fields = ["user", "url", "image", "created"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Images are only added by the form for saving them, which sanitizes them.
        return False
