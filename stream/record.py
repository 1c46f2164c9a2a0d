"""The only writer of actions, and the locks that it and other verbs take."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from stream.models import Action

REPEAT_AFTER = timedelta(seconds=60)


def lock(user: User) -> None:
    """Let no other transaction act for `user` until this one ends."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)


@transaction.atomic
def create_action(user: User, verb: str, target: models.Model | None = None) -> bool:
    """Record that `user` did `verb` to `target`.

    False where the same stands already in the last 60 seconds. Call it in the transaction of
    the act itself.
    """
    # Two calls must not both find nothing.
    lock(user)
    since = timezone.now() - REPEAT_AFTER
    if Action.objects.of(user, verb, target).filter(created__gt=since).exists():
        return False
    Action.objects.create(user=user, verb=verb, target=target)
    return True


def retract_action(user: User, verb: str, target: models.Model | None = None) -> bool:
    """Withdraw what `create_action` recorded; False where there was nothing."""
    deleted, _ = Action.objects.of(user, verb, target).delete()
    return deleted > 0
