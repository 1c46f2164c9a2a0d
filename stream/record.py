"""The only writer of actions, and the lock on the user who acts."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from stream.models import Action

REPEAT_AFTER = timedelta(seconds=60)


class DeletedError(Exception):
    """A row that a verb needs was deleted in the meantime."""


def lock(*rows: models.Model) -> None:
    """Lock rows of one model until the transaction ends; DeletedError if one is gone.

    All verbs take their locks in one order, which is also the order of deletions: users by their
    ids, then the image, then the rest.
    """
    keys = sorted({row.pk for row in rows})
    # `request.user` is a lazy object, so its own type is not the model.
    manager = rows[0]._meta.model._base_manager
    locked = manager.select_for_update(no_key=True).filter(pk__in=keys)
    if len(locked.order_by("pk").values("pk")) < len(keys):
        raise DeletedError


@transaction.atomic
def create_action(user: User, verb: str, target: models.Model | None = None) -> bool:
    """Record that `user` did `verb` to `target`, in the transaction of the act itself.

    False if the same action was recorded in the last 60 seconds. DeletedError without the user.
    """
    lock(user)
    return create_action_locked(user, verb, target)


def create_action_locked(user: User, verb: str, target: models.Model | None = None) -> bool:
    """Do the same as `create_action` for a caller that has locked `user` already."""
    since = timezone.now() - REPEAT_AFTER
    if Action.objects.of(user, verb, target).filter(created__gt=since).exists():
        return False
    Action.objects.create(user=user, verb=verb, target=target)
    return True


def retract_action(user: User, verb: str, target: models.Model | None = None) -> bool:
    """Delete what `create_action` recorded; False if there was nothing."""
    deleted, _ = Action.objects.of(user, verb, target).delete()
    return deleted > 0
