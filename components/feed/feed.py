from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django_components import Component, register

from components.gallery.gallery import card_data
from components.lists import list_data
from stream.entries import Act, Entry
from stream.keyset import Page

# The entries in sight at first, whose images are loaded at once.
EAGER = 2
# An entry shows at most this many of the people whom others follow.
MAX_PEOPLE = 4
# The list of all that a person did with a verb.
LISTS = {"likes": "user_likes", "bookmarked image": "user_detail", "is following": "user_following"}


@register("feed")
class Feed(Component):
    """A page of a feed's entries, and the link to older ones."""

    template_file = "feed.html"

    class Kwargs(NamedTuple):
        request: HttpRequest
        page: Page[Entry]
        # Whether it adds to a feed that is shown already, and whether at its top.
        is_continuation: bool = False
        are_new: bool = False
        # Whether it ends with a link to older entries.
        has_pagination: bool = True
        # Whether it shows thumbnails without controls.
        is_compact: bool = False

    def get_template_data(
        self, args: Any, kwargs: Kwargs, slots: Any, context: Any
    ) -> dict[str, Any]:
        eager = 0 if kwargs.is_continuation else EAGER
        rows = [
            Row(entry, is_eager=number < eager, is_compact=kwargs.is_compact)
            for number, entry in enumerate(kwargs.page.rows)
        ]
        return list_data(kwargs, rows=rows, card_tag="div", **card_data(kwargs.request.user.pk))


class Row:
    """An entry with its things, if these are images or people."""

    def __init__(self, entry: Entry, *, is_eager: bool, is_compact: bool) -> None:
        self.entry = entry
        self.scope = f"a{entry.pk}-"
        priority = "" if is_eager else "lazy"
        self.cards = [(image, priority) for image in entry.things if hasattr(image, "shape")]
        people = [each for each in entry.things if hasattr(each, "is_followed")]
        self.people = [] if is_compact else people[:MAX_PEOPLE]
        self.acts = [(act, others_url(act, entry)) for act in entry.acts]
        shown = len(self.cards or self.people or entry.things)
        # A compact entry shows none of the people, and says how many they are.
        self.more = 0 if is_compact and people else entry.thing_count - shown
        self.lists = lists_of(entry) if self.more else []
        # What people saved themselves needs no name.
        owners = {image.user_id for image, _ in self.cards}
        self.has_owners = owners != {person.user_id for person in entry.people}


def others_url(act: Act, entry: Entry) -> str:
    """Return the address of the list of all people who did the same, if there is one."""
    if act.person_count == len(act.people) < 3:
        return ""
    match act.verb:
        case "has created an account":
            return reverse("user_list")
        case "likes" if entry.things:
            return reverse("image_likes", args=[entry.things[0].pk])
        case "is following" if entry.thing_count == 1:
            return reverse("user_followers", args=[entry.things[0].user.username])
    return ""


def lists_of(entry: Entry) -> list[tuple[Any, str]]:
    """Return people of an entry, each with the address of the list of all that they did."""
    act = max(entry.acts, key=lambda act: act.thing_count)
    name = LISTS.get(act.verb)
    return [(each, reverse(name, args=[each.user.username])) for each in act.people if name]
