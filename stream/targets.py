"""The models that actions can be about, and how feeds load the rows of each."""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

# A content type and the key of a row. Actions without a target have (None, None).
type RowKey = tuple[int | None, int | None]
NO_TARGET = (None, None)
# What was loaded, None for rows that are gone or hidden.
type Rows = dict[RowKey, Any]
# Returns the rows with some keys that a viewer can see, by their keys.
type LoadCards = Callable[[User, Collection[Any]], dict[int, Any]]

_load_cards: dict[type[Model], LoadCards] = {}


def register(model: type[Model], load_cards: LoadCards) -> None:
    """Let actions be about a model, of which feeds show what `load_cards` returns.

    Call this in `ready()` of the app's configuration. The rows of the user model are also the
    people who act.
    """
    _load_cards[model] = load_cards


def target_models() -> list[type[Model]]:
    """Return the models that are registered."""
    return list(_load_cards)


def load_rows(viewer: User, wanted: Collection[RowKey]) -> Rows:
    """Load what feeds show of rows of any models, with one query for each model."""
    rows: Rows = {}
    wanted_keys: dict[int, set[Any]] = {}
    for ct, pk in wanted:
        if ct is not None:
            wanted_keys.setdefault(ct, set()).add(pk)
    for ct, keys in wanted_keys.items():
        model: Any = ContentType.objects.get_for_id(ct).model_class()
        load = _load_cards.get(model)
        loaded = load(viewer, keys) if load else model._base_manager.in_bulk(keys)
        rows |= {(ct, pk): loaded.get(pk) for pk in keys}
    return rows
