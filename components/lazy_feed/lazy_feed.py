from typing import Any, NamedTuple

from django_components import Component, register


@register("lazy_feed")
class LazyFeed(Component):
    """The place of a feed that the page loads later. Without scripts, it is a link to the feed."""

    template_file = "lazy_feed.html"

    class Kwargs(NamedTuple):
        url: str
        label: str
        # When it loads, in the words of hx-trigger.
        trigger: str

    def get_template_data(
        self, args: Any, kwargs: Kwargs, slots: Any, context: Any
    ) -> dict[str, Any]:
        return kwargs._asdict()
