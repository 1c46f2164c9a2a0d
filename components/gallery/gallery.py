from itertools import zip_longest
from typing import Any, NamedTuple

from django.http import HttpRequest
from django_components import Component, register

from images.models import Image
from stream.keyset import Page


@register("gallery")
class Gallery(Component):
    """A page of images as cards with their likes, and the link to more of them."""

    template_file = "gallery.html"

    class Kwargs(NamedTuple):
        request: HttpRequest
        page: Page[Image]
        # How many images are in sight at first, and loaded at once.
        eager: int = 0
        has_owners: bool = True
        loads_on_press: bool = False
        # Whether it adds to a gallery that is shown already.
        is_continuation: bool = False

    def get_template_data(
        self, args: Any, kwargs: Kwargs, slots: Any, context: Any
    ) -> dict[str, Any]:
        data = kwargs._asdict()
        request: HttpRequest = data.pop("request")
        rows = kwargs.page.rows
        # How urgently the browser loads each image in sight.
        priorities = ["high", "", "", *["low"] * (kwargs.eager - 3)][: kwargs.eager]
        return data | {
            "cards": zip_longest(rows, priorities[: len(rows)], fillvalue="lazy"),
            "anchor": "image",
            # A missing variable costs more than any other.
            "is_answer": False,
            "next": request.get_full_path(),
            "path": request.path,
            "request_query": request.GET,
        }
