from typing import Any, NamedTuple

from django_components import Component, register


@register("like_button")
class LikeButton(Component):
    """The form that likes or unlikes one image, and comes back as its other self."""

    template_file = "like_button.html"

    class Kwargs(NamedTuple):
        id: int
        title: str
        url: str
        is_liked: bool
        next: str
        # Whether this answers a press.
        is_fresh: bool = False

    def get_template_data(
        self, args: Any, kwargs: Kwargs, slots: Any, context: Any
    ) -> dict[str, Any]:
        return kwargs._asdict()
