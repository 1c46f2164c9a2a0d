from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest
from django_components import Component, register

from people.models import Profile


@register("suggestions")
class Suggestions(Component):
    """People whom the viewer may like to follow."""

    template_file = "suggestions.html"

    class Kwargs(NamedTuple):
        request: HttpRequest
        people: Sequence[Profile]
        # Whether the users of the people have `newest_images` to show.
        has_images: bool = False

    def get_template_data(
        self, args: Any, kwargs: Kwargs, slots: Any, context: Any
    ) -> dict[str, Any]:
        next_path = kwargs.request.path
        return {"people": kwargs.people, "has_images": kwargs.has_images, "next": next_path}
