"""The models that actions can be about, and how a feed loads the rows of each."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet

_loaders: dict[type[Model], Callable[[], QuerySet[Any]]] = {}


def register(model: type[Model], visible: Callable[[], QuerySet[Any]]) -> None:
    """Let actions be about `model`; feeds show the rows in `visible()`.

    Call this in `ready()` of the app's configuration. The rows of the user model also load the
    people who act.
    """
    _loaders[model] = visible


def target_models() -> list[type[Model]]:
    """Return the models that are registered."""
    return list(_loaders)


def visible_targets() -> list[QuerySet[Any]]:
    """Return one queryset for each registered model."""
    return [visible() for visible in _loaders.values()]


def visible_people() -> QuerySet[User]:
    """Return the people whose actions can be shown."""
    return _loaders[get_user_model()]()
