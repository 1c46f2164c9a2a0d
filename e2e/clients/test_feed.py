"""Reading the feed to its end, and going back to it."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from e2e.clients.client import Client, wait_for
from e2e.feed import OLDER, create_actions
from images.models import Image
from people.models import Contact

ENTRY = re.compile(r"did thing number (\d\d)")
pytestmark = pytest.mark.clients
END = "No older activity."


def open_feed(client: Client, visit: Callable[[str], None]) -> None:
    """Open the home page. Clients that follow no refresh have a link to the feed."""
    visit("/")
    client.sees("Activity")
    wait_for(
        "the feed",
        lambda: ENTRY.search(client.read()) or client.activate("link", "See what people are doing"),
    )
    client.sees("did thing number 24")


def read_on(client: Client, text: str) -> list[str]:
    """Load older entries until the page shows `text`, and return what was read of them."""
    seen: list[str] = []

    def unseen_page() -> str:
        page = client.read()
        is_whole = text in page or OLDER in page
        return page if is_whole and set(ENTRY.findall(page)) - set(seen) else ""

    while text not in (page := wait_for("older entries", unseen_page, client.text)):
        seen += [number for number in ENTRY.findall(page) if number not in seen]
        client.follow(OLDER)
    client.check()
    return seen + [number for number in ENTRY.findall(page) if number not in seen]


def test_reading_the_feed_to_its_end(
    client: Client,
    visit: Callable[[str], None],
    viewer: User,
    ben: User,
    bookmark: Callable[..., Image],
) -> None:
    Contact.objects.follow(viewer, ben)
    bookmark(ben, "A bird")
    create_actions(ben, 25)
    open_feed(client, visit)
    assert read_on(client, END) == [f"{number:02}" for number in range(24, -1, -1)]
    client.sees_in_order("did thing number 00", "Ben Okafor", "A bird", END)


def test_going_back_to_the_feed(
    client: Client, visit: Callable[[str], None], viewer: User, ben: User, cleo: User
) -> None:
    Contact.objects.follow(viewer, ben)
    Contact.objects.follow(ben, cleo)
    create_actions(ben, 25)
    open_feed(client, visit)
    read_on(client, END)
    client.follow("cleo")
    client.sees("@cleo")
    client.back()
    client.sees("did thing number 00", END)
    # With scripts, the feed is longer than the window, and the link stood at its end.
    assert client.is_scrolled() or not client.runs_scripts
