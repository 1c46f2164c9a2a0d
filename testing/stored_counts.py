"""The stored counts that a database should have, from counting rows one owner at a time."""

from images.models import Image, ImageCount, Like
from people.models import Contact, Profile


def expected_counts() -> dict[str, tuple[int, ...]]:
    """Return the followers and followed of each person, their images, and the likes of images."""
    people = Profile.objects.order_by("pk").select_related("user")
    by_active, of_active = {"user_from__is_active": True}, {"user_to__is_active": True}
    return {
        person.user.username: (
            Contact.objects.filter(user_to=person.user_id, **by_active).count(),
            Contact.objects.filter(user_from=person.user_id, **of_active).count(),
            Image.objects.filter(user=person.user_id).count(),
        )
        for person in people
    } | {
        image.title: (Like.objects.filter(image=image.pk, user__is_active=True).count(),)
        for image in Image.objects.all()
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
