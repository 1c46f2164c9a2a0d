"""Rows deleted with a person: their images, the likes of these, and their own likes."""

from collections.abc import Collection

from django.db.models import QuerySet

from images.models import Image, Like
from people.belongings import actions_of_others
from stream.models import Action


def likes_of_images(people: Collection[int]) -> QuerySet[Like]:
    return Like.objects.filter(image__user__in=people).exclude(user__in=people)


def actions_about_images(people: Collection[int]) -> QuerySet[Action]:
    return actions_of_others(people, Image, images(people).values("pk"))


def images(people: Collection[int]) -> QuerySet[Image]:
    return Image.objects.filter(user__in=people).order_by()


def likes_by(people: Collection[int]) -> QuerySet[Like]:
    return Like.objects.filter(user__in=people)


# An image may have many likes, so these are deleted before it.
ROWS = (likes_by, likes_of_images, actions_about_images, images)
