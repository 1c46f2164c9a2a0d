"""Rows deleted with a person: their follows, dismissals and actions."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db.models import QuerySet

from people.models import Contact, Dismissal
from stream.models import Action


def follows_by(people: Collection[int]) -> QuerySet[Contact]:
    return Contact.objects.filter(user_from__in=people)


def follows_of(people: Collection[int]) -> QuerySet[Contact]:
    return Contact.objects.filter(user_to__in=people).exclude(user_from__in=people)


def dismissals_by(people: Collection[int]) -> QuerySet[Dismissal]:
    return Dismissal.objects.filter(user__in=people)


def dismissals_of(people: Collection[int]) -> QuerySet[Dismissal]:
    return Dismissal.objects.filter(person__in=people).exclude(user__in=people)


def actions_by(people: Collection[int]) -> QuerySet[Action]:
    return Action.objects.filter(user__in=people)


def actions_about(people: Collection[int]) -> QuerySet[Action]:
    return Action.objects.about(User, people).exclude(user__in=people)


ROWS = (follows_by, follows_of, dismissals_by, dismissals_of, actions_by, actions_about)
