"""Rows deleted with an image, or with a person: images, their likes, and actions about them."""

from collections.abc import Collection

from django.db.models import QuerySet

from images.models import Image, Like
from stream.models import Action


def likes_of(images: Collection[int]) -> QuerySet[Like]:
    return Like.objects.filter(image__in=images)


def actions_about(images: Collection[int]) -> QuerySet[Action]:
    return Action.objects.about(Image, images)


def likes_of_images(people: Collection[int]) -> QuerySet[Like]:
    return Like.objects.filter(image__user__in=people).exclude(user__in=people)


def actions_about_images(people: Collection[int]) -> QuerySet[Action]:
    # Also about images that are hidden.
    theirs = Image._base_manager.filter(user__in=people).values("pk")
    return Action.objects.about(Image, theirs).exclude(user__in=people)


def images(people: Collection[int]) -> QuerySet[Image]:
    return Image.objects.filter(user__in=people).order_by()


def likes_by(people: Collection[int]) -> QuerySet[Like]:
    return Like.objects.filter(user__in=people)


# An image may have many likes, so these are deleted before it.
ROWS = (likes_by, likes_of_images, actions_about_images, images)
