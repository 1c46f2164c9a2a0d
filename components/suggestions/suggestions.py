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

    def get_template_data(
        self, args: Any, kwargs: Kwargs, slots: Any, context: Any
    ) -> dict[str, Any]:
        return {"people": kwargs.people, "next": kwargs.request.path}
