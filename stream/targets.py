"""The models that actions can be about, and how a feed loads the rows of each."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet

_visible: dict[type[Model], QuerySet[Any]] = {}


def register(visible: QuerySet[Any]) -> None:
    """Let actions be about the model of a queryset; feeds show the rows in it.

    Call this in `ready()` of the app's configuration. The rows of the user model also load the
    people who act.
    """
    _visible[visible.model] = visible


def target_models() -> list[type[Model]]:
    """Return the models that are registered."""
    return list(_visible)


def visible_targets() -> list[QuerySet[Any]]:
    """Return a queryset for each registered model but that of the people."""
    return [visible.all() for model, visible in _visible.items() if model != get_user_model()]


def visible_people() -> QuerySet[User]:
    """Return the people whose actions can be shown."""
    return _visible[get_user_model()].all()
