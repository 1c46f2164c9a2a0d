"""Rows deleted with a person: their follows and their actions."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from people.models import Contact
from stream.models import Action


def follows_by(people: Collection[int]) -> QuerySet[Contact]:
    return Contact.objects.filter(user_from__in=people)


def follows_of(people: Collection[int]) -> QuerySet[Contact]:
    return Contact.objects.filter(user_to__in=people).exclude(user_from__in=people)


def actions_by(people: Collection[int]) -> QuerySet[Action]:
    return Action.objects.filter(user__in=people)


def actions_about(people: Collection[int]) -> QuerySet[Action]:
    return actions_of_others(people, User, people)


def actions_of_others(
    people: Collection[int], model: type[Model], targets: Collection[int] | QuerySet[Any]
) -> QuerySet[Action]:
    """Return what others than `people` did to `targets`."""
    target_ct = ContentType.objects.get_for_model(model)
    actions = Action.objects.filter(target_ct=target_ct, target_id__in=targets)
    return actions.exclude(user__in=people)


ROWS = (follows_by, follows_of, actions_by, actions_about)
