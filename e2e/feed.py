"""Actions for a feed, and the texts of their entries."""

from django.contrib.auth.models import User

from stream.record import create_action

OLDER = "Older activity"


def create_actions(user: User, count: int, begin: int = 0) -> None:
    for number in range(begin, begin + count):
        create_action(user, f"did thing number {number:02}")


def action_texts(count: int) -> list[str]:
    return [f"Ben Okafor did thing number {number:02}" for number in range(count - 1, -1, -1)]
