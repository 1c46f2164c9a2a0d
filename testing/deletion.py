"""What is left of the people and images of `town` when Ana is deleted."""

from django.contrib.auth.models import User
from django.core.management import call_command

from images.files import ImageFile
from images.models import Image, ImageCount, Like
from people.models import Contact, Profile
from stream.models import Action


def counts_of(person: User) -> tuple[int, int]:
    profile = Profile.objects.get(user=person)
    return profile.follower_count, profile.following_count


def assert_only_ben_and_cleo_are_left(ben: User, cleo: User) -> None:
    assert not User.objects.filter(username="ana").exists()
    assert Contact.objects.count() == 2
    assert counts_of(ben) == counts_of(cleo) == (1, 1)
    image = Image.objects.get()
    assert Like.objects.count() == image.like_count == 2
    assert {action.target for action in Action.objects.all()} == {ben, cleo, image}
    assert ImageCount.objects.get(user=ben).count == 1
    assert ImageFile.objects.filter(unused_since=None).count() == 1
    call_command("audit")
