from itertools import zip_longest
from typing import Any, NamedTuple

from django.http import HttpRequest
from django_components import Component, register

from components.lists import list_data
from images.models import Image
from images.models.image import CARD_HEIGHT
from stream.keyset import Page


def card_data(viewer_id: int | None) -> dict[str, Any]:
    """Return what all cards of a page have in common."""
    return {"anchor": "image", "viewer_id": viewer_id, "card_height": CARD_HEIGHT}


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
        rows = kwargs.page.rows
        # How urgently the browser loads each image in sight.
        priorities = ["high", "", "", *["low"] * (kwargs.eager - 3)][: kwargs.eager]
        cards = zip_longest(rows, priorities[: len(rows)], fillvalue="lazy")
        viewer_id = kwargs.request.user.pk
        return list_data(kwargs, cards=cards, card_tag="article", **card_data(viewer_id))
