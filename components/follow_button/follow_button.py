from typing import Any, NamedTuple

from django_components import Component, register


@register("follow_button")
class FollowButton(Component):
    """The form that follows or unfollows one person, and comes back as its other self."""

    template_file = "follow_button.html"

    class Kwargs(NamedTuple):
        id: int
        name: str
        url: str
        is_followed: bool
        next: str

    def get_template_data(
        self, args: Any, kwargs: Kwargs, slots: Any, context: Any
    ) -> dict[str, Any]:
        return kwargs._asdict()
