from typing import Any, NamedTuple

from django.http import HttpRequest
from django_components import Component, register

from stream.feed import Entry
from stream.keyset import Page


@register("feed")
class Feed(Component):
    """A page of a feed's entries, and the link to older ones."""

    template_file = "feed.html"

    class Kwargs(NamedTuple):
        request: HttpRequest
        page: Page[Entry]
        # Whether it adds to a feed that is shown already.
        is_continuation: bool = False
        # Whether older entries can follow.
        is_whole: bool = True

    def get_template_data(
        self, args: Any, kwargs: Kwargs, slots: Any, context: Any
    ) -> dict[str, Any]:
        data = kwargs._asdict()
        request: HttpRequest = data.pop("request")
        return data | {
            # A missing variable costs more than any other.
            "are_new": False,
            "path": request.path,
            "request_query": request.GET,
        }
