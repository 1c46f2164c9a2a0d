"""Find migrations after which the previous version may not work. `make check` runs this module.

CONTRIBUTING.md has the rules. A migration that breaks one, and is safe nevertheless, says why in
its attribute `safe_because`.
"""

import sys
from collections.abc import Iterator
from typing import Any

import django
from django.apps import apps
from django.db.migrations import (
    AddField,
    AddIndex,
    AlterField,
    AlterModelManagers,
    AlterModelOptions,
    CreateModel,
    Migration,
    RunPython,
    SeparateDatabaseAndState,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field, ManyToManyField

from web.index_operations import AddIndexOnline

type AnyField = Field[Any, Any]
# The last migrations from before the rules.
EXEMPT = {
    "images": "0017_fill_recipients",
    "people": "0015_weekly_digest",
    "stream": "0005_index_by_kind",
    "web": "0002_mail",
}
# Options of a field that may change. `problems_of_change` looks at the last three itself.
HARMLESS = {*Field.non_db_attrs, "default", "db_default", "max_length", "null"}
# RunPython changes rows, which cannot be checked here. A test of the migration has to do that.
SAFE = (CreateModel, AlterModelManagers, AlterModelOptions, RunPython)


def main() -> None:
    django.setup()
    loader = MigrationLoader(None)
    sys.exit("\n".join(all_faults(loader)) or 0)


def all_faults(loader: MigrationLoader) -> Iterator[str]:
    """Yield what is wrong with the new migrations of Magpie's own apps."""
    own = {app.label for app in apps.get_app_configs() if "site-packages" not in app.path}
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app in own and name > EXEMPT.get(app, ""):
            state = loader.project_state((app, name), at_end=False)
            for fault in faults(migration, state):
                yield f"{app}/migrations/{name}.py: {fault}"


def faults(migration: Migration, state: ProjectState) -> Iterator[str]:
    """Yield what is wrong with a migration of the models in `state`, unless it says it is safe."""
    if getattr(migration, "safe_because", ""):
        return
    created = {
        operation.name_lower
        for operation in migration.operations
        if isinstance(operation, CreateModel)
    }
    for operation in migration.operations:
        # The previous version does not know the table.
        if getattr(operation, "model_name_lower", None) not in created:
            for problem in problems(operation, migration.app_label, state):
                yield f"{operation.describe()}: {problem}"
        operation.state_forwards(migration.app_label, state)


def problems(operation: Operation, app: str, state: ProjectState) -> Iterator[str]:
    match operation:
        case AddField(field=field):
            yield from problems_of_column(field)
        case AlterField(model_name_lower=model, name=name, field=field):
            yield from problems_of_change(state.models[app, model].fields[name], field)
        case SeparateDatabaseAndState(database_operations=parts):
            for part in parts:
                yield from problems(part, app, state)
        case AddIndexOnline():
            pass
        case AddIndex():
            yield "use AddIndexOnline of web.index_operations, which does not lock the table"
        case _ if not isinstance(operation, SAFE):
            yield "wait until no version uses this, and say so in `safe_because`"


def problems_of_column(field: AnyField) -> Iterator[str]:
    if isinstance(field, ManyToManyField):
        return
    if not (field.null or field.has_db_default() or field.generated):
        yield "the previous version does not fill this column, so add db_default or null=True"
    if getattr(field, "db_index", False) or field.unique:
        yield "an index locks the table, so set db_index=False and use AddIndexOnline"


def problems_of_change(old: AnyField, new: AnyField) -> Iterator[str]:
    _, old_type, _, before = old.deconstruct()
    _, new_type, _, after = new.deconstruct()
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    if old_type != new_type or changed - HARMLESS:
        yield "add a column instead, and remove this one in a later version"
    if old.null and not new.null:
        yield "the previous version writes NULL"
    if old.has_db_default() and not new.has_db_default():
        yield "the previous version leaves this column to the database"
    if new.max_length and (not old.max_length or new.max_length < old.max_length):
        yield "the previous version writes longer values"


if __name__ == "__main__":
    main()
