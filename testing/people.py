"""More users for tests, and follows between them."""

from django.contrib.auth.models import User


def create_users(count: int) -> list[User]:
    return [User.objects.create_user(f"person{number:02}") for number in range(count)]


def follow(follower: User, followed: User) -> None:
    follower.following.add(followed)  # type: ignore[attr-defined]
