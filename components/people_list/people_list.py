from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest
from django_components import Component, register

from components.lists import list_data
from people.models import Profile
from stream.keyset import Page


@register("people_list")
class PeopleList(Component):
    """A page of people as cards that follow and unfollow, and the link to more of them."""

    template_file = "people_list.html"

    class Kwargs(NamedTuple):
        request: HttpRequest
        people: Sequence[Profile]
        # The page that the people are on, whose rows may be likes or contacts.
        page: Page[Any]
        # Whether it adds to a list that is shown already.
        is_continuation: bool = False

    def get_template_data(
        self, args: Any, kwargs: Kwargs, slots: Any, context: Any
    ) -> dict[str, Any]:
        return list_data(kwargs, viewer_id=kwargs.request.user.pk, anchor="person")
