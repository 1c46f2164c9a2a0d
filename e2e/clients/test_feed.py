"""Reading the feed to its end, and going back to it."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from e2e.clients.client import Client, wait_for
from e2e.feed import OLDER, create_actions
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

    def is_reached() -> bool:
        page = client.read()
        seen.extend(number for number in ENTRY.findall(page) if number not in seen)
        return text in page or not client.activate("link", OLDER)

    wait_for(text, lambda: is_reached() and text in client.read(), client.text)
    client.check()
    return seen


def test_reading_the_feed_to_its_end(
    client: Client, visit: Callable[[str], None], viewer: User, ben: User
) -> None:
    Contact.objects.follow(viewer, ben)
    create_actions(ben, 25)
    open_feed(client, visit)
    assert read_on(client, END) == [f"{number:02}" for number in range(24, -1, -1)]


def test_going_back_to_the_feed(
    client: Client, visit: Callable[[str], None], viewer: User, ben: User
) -> None:
    Contact.objects.follow(viewer, ben)
    create_actions(ben, 25)
    open_feed(client, visit)
    read_on(client, END)
    client.follow("Ben Okafor")
    client.sees("@ben")
    client.back()
    client.sees("did thing number 00", END)
