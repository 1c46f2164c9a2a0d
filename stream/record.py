"""The only writer of actions, and the lock on the user who acts."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import batched
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from stream.models import Action

REPEAT_AFTER = timedelta(seconds=60)


class DeletedError(Exception):
    """A row that a verb needs was deleted in the meantime."""


def lock[M: models.Model](*rows: M) -> list[M]:
    """Lock rows of one model until the transaction ends, and return them as they are now.

    DeletedError if one is gone. All verbs take their locks in one order, which is also the order of
    deletions: users by their ids, then images by theirs, then the rest.
    """
    # `request.user` is a lazy object, so its own type is not the model.
    locked = lock_keys(rows[0]._meta.model, {row.pk for row in rows})
    try:
        return [locked[row.pk] for row in rows]
    except KeyError:
        raise DeletedError from None


def lock_keys(model: type[models.Model], keys: Iterable[int], field: str = "pk") -> dict[int, Any]:
    """Lock the rows with these keys in a field that still exist, in the order of their keys."""
    rows = model._base_manager.select_for_update(no_key=True).order_by(field)
    # Databases limit the number of parameters.
    parts = [{f"{field}__in": chunk} for chunk in batched(sorted(keys), 1000, strict=False)]
    chunks = [rows.filter(**part) for part in parts]
    return {row.pk: row for chunk in chunks for row in chunk}


@transaction.atomic
def create_action(
    user: User,
    verb: str,
    target: models.Model | None = None,
    *,
    recipient: User | None = None,
    about: models.Model | None = None,
) -> bool:
    """Record that `user` did `verb` to `target`, in the transaction of the act itself.

    The recipient, whose thing it was, is told of it. If that thing is not the target, it is
    `about`. False if the same action was recorded in the last 60 seconds. DeletedError without
    the user.
    """
    lock(user)
    return create_action_locked(user, verb, target, recipient=recipient, about=about)


def create_action_locked(
    user: User, verb: str, target: models.Model | None = None, **told: Any
) -> bool:
    """Do the same as `create_action` for a caller that has locked `user` already."""
    since = timezone.now() - REPEAT_AFTER
    if Action.objects.of(user, verb, target).filter(created__gt=since).exists():
        return False
    Action.objects.create(user=user, verb=verb, target=target, **told)
    return True


def retract_action(user: User, verb: str, target: models.Model | None = None) -> bool:
    """Delete what `create_action` recorded; False if there was nothing."""
    deleted, _ = Action.objects.of(user, verb, target).delete()
    return deleted > 0
