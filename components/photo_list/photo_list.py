from collections.abc import Sequence
from typing import Any, NamedTuple

from django_components import Component, register

from people.models import Profile


@register("photo_list")
class PhotoList(Component):
    """A few people as photos with names, such as those who like an image."""

    template_file = "photo_list.html"

    class Kwargs(NamedTuple):
        people: Sequence[Profile]
        id: str = ""
        # On narrow screens, in one row that scrolls.
        is_one_row: bool = False
        # Whether htmx swaps it in out of band, next to the answer to a like.
        is_answer: bool = False

    def get_template_data(
        self, args: Any, kwargs: Kwargs, slots: Any, context: Any
    ) -> dict[str, Any]:
        return kwargs._asdict()
