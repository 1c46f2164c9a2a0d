"""The stored counts that a database should have, from counting its rows."""

from collections import Counter

from images.models import Image, ImageCount, Like
from people.models import Contact, Profile


def expected_counts() -> dict[str, tuple[int, ...]]:
    """Return the followers and followed of each person, their images, and the likes of images."""
    follows = Contact.objects.values_list("user_from", "user_to")
    followers = Counter(to for _, to in follows.filter(user_from__is_active=True))
    followed = Counter(by for by, _ in follows.filter(user_to__is_active=True))
    saved = Counter(Image.objects.values_list("user", flat=True))
    likes = Counter(Like.objects.filter(user__is_active=True).values_list("image", flat=True))
    people = Profile.objects.order_by("pk").values_list("user", "user__username")
    return {name: (followers[pk], followed[pk], saved[pk]) for pk, name in people} | {
        title: (likes[pk],) for pk, title in Image.objects.values_list("pk", "title")
    }


def stored_counts() -> dict[str, tuple[int, ...]]:
    """Return the stored counts in the form of `expected_counts`."""
    images = dict(ImageCount.objects.values_list("user", "count"))
    return {
        person.user.username: (
            person.follower_count,
            person.following_count,
            images.get(person.user_id, 0),
        )
        for person in Profile.objects.order_by("pk").select_related("user")
    } | {image.title: (image.like_count,) for image in Image.objects.all()}
