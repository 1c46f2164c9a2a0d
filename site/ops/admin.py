"""The tasks that wait, run or failed. Their schedules are in the settings, not in the admin."""

from django.apps import apps
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_ox.admin import OxTaskAdmin
from django_ox.models import OxSchedule, OxTask

from web.bounded_lists import BoundedListAdmin

admin.site.unregister([OxSchedule, OxTask])
apps.get_app_config("django_ox").verbose_name = _("Work in the background")
OxTask._meta.verbose_name = _("task")
OxTask._meta.verbose_name_plural = _("tasks")


@admin.register(OxTask)
class TaskAdmin(BoundedListAdmin[OxTask], OxTaskAdmin):
    # Finding all queues or dates would read every row.
    list_filter = ("status",)  # type: ignore[assignment]
    date_hierarchy = None  # type: ignore[assignment]
    search_fields = ()  # type: ignore[assignment]
    sortable_by = ()
