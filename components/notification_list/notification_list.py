from collections.abc import Sequence
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
        # The ids of controls begin with the action, as a person may be in several rows.
        rows = [(each, followers_in(each), f"a{each.pk}-") for each in kwargs.page.rows]
        viewer_id = kwargs.request.user.pk
        return list_data(kwargs, rows=rows, anchor="person", viewer_id=viewer_id)


def followers_in(notification: Notification) -> Sequence[Any]:
    """Return the new followers of whom a notification tells, each of whom can be followed."""
    return notification.act.people if notification.verb == "is following" else ()
