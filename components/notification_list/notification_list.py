from typing import Any, NamedTuple

from django.http import HttpRequest
from django_components import Component, register

from components.lists import list_data
from stream.keyset import Page
from stream.notifications import Notification


@register("notification_list")
class NotificationList(Component):
    """A page of notifications, and the link to older ones."""

    template_file = "notification_list.html"

    class Kwargs(NamedTuple):
        request: HttpRequest
        page: Page[Notification]
        # Whether it adds to a list that is shown already.
        is_continuation: bool = False

    def get_template_data(
        self, args: Any, kwargs: Kwargs, slots: Any, context: Any
    ) -> dict[str, Any]:
        return list_data(kwargs)
