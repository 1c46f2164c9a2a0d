"""More users for tests, and follows between them."""

from django.contrib.auth.models import User

from images.models import ImageCount


def create_users(count: int) -> list[User]:
    return [User.objects.create_user(f"person{number:02}") for number in range(count)]


def follow(follower: User, followed: User) -> None:
    follower.following.add(followed)  # type: ignore[attr-defined]


def count_image(user: User) -> None:
    """Let a user count as somebody with images, without an action."""
    ImageCount.objects.add(user.pk, 1)
