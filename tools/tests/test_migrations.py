"""The check of migrations agrees with what happens to the previous version on the new database."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, models
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelTable,
    CreateModel,
    DeleteModel,
    Migration,
    RemoveField,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pytest_django import Settings

from tools.migrations import all_faults, faults
from web.index_operations import AddIndexOnline

FIELDS: dict[str, models.Field[Any, Any]] = {
    "id": models.BigAutoField(primary_key=True),
    "name": models.CharField(max_length=10),
    "note": models.CharField(max_length=10, null=True),
    "kind": models.CharField(max_length=10, db_default="cat"),
}
INDEX = models.Index(fields=["name"], name="pet_name")
Text = models.CharField
SAFE: dict[str, Operation] = {
    "a column with a default": AddField("pet", "age", models.IntegerField(db_default=0)),
    "a column that may be null": AddField("pet", "age", models.IntegerField(null=True)),
    "a longer column": AlterField("pet", "name", Text("label", max_length=20)),
    "a column that may now be null": AlterField("pet", "name", Text(max_length=10, null=True)),
    "a table": CreateModel("toy", [("id", models.BigAutoField(primary_key=True))]),
    "an index": AddIndexOnline("pet", INDEX),
    "changed rows": RunPython(RunPython.noop),
    "a column that only the model loses": SeparateDatabaseAndState(
        state_operations=[RemoveField("pet", "note")]
    ),
}
BREAKING: dict[str, Operation] = {
    "a column without a default": AddField("pet", "age", models.IntegerField(default=0)),
    "a removed column": RemoveField("pet", "note"),
    "another column": RenameField("pet", "name", "title"),
    "a removed table": DeleteModel("pet"),
    "another model": RenameModel("pet", "animal"),
    "another table": AlterModelTable("pet", "animals"),
    "a shorter column": AlterField("pet", "name", Text(max_length=2)),
    "a column that may not be null": AlterField("pet", "note", Text(max_length=10, default="")),
    "a column without its default": AlterField("pet", "kind", Text(max_length=10, default="cat")),
    "another type": AlterField("pet", "name", models.IntegerField(null=True)),
    "a constraint": AddConstraint(
        "pet", models.CheckConstraint(condition=models.Q(name="Rex"), name="is_rex")
    ),
    "two columns": SeparateDatabaseAndState(
        [
            AddField("pet", "age", models.IntegerField(default=0)),
            AddField("pet", "size", models.IntegerField(db_default=0)),
        ]
    ),
}
LOCKING: dict[str, Operation] = {
    "an index that locks": AddIndex("pet", INDEX),
    "an indexed column": AddField("pet", "age", models.IntegerField(null=True, db_index=True)),
    "a unique column": AddField("pet", "age", models.IntegerField(null=True, unique=True)),
    "SQL": RunSQL("SELECT 1"),
}


@pytest.fixture
def state() -> ProjectState:
    """Return the models of the previous version."""
    state = ProjectState()
    CreateModel("pet", list(FIELDS.items())).state_forwards("zoo", state)
    return state


@pytest.fixture
def pet(state: ProjectState) -> Iterator[type[models.Model]]:
    """Return a model of the previous version, whose table exists."""
    pet = state.apps.get_model("zoo", "pet")
    tables = set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        editor.create_model(pet)
    yield pet
    for table in set(connection.introspection.table_names()) - tables:
        with connection.schema_editor() as editor:
            editor.execute(f"DROP TABLE {editor.quote_name(table)}")


def migration(*operations: Operation) -> Migration:
    is_atomic = not any(isinstance(each, AddIndexOnline) for each in operations)
    attributes = {"operations": operations, "atomic": is_atomic}
    migration: Migration = type("Migration", (Migration,), attributes)("0002_new", "zoo")
    return migration


def previous_version_works(pet: Any) -> bool:
    """Return whether the previous version can write a row and read it."""
    try:
        saved = pet.objects.create(name="Bella")
        saved.save()
        return bool(pet.objects.get(pk=saved.pk).name == "Bella")
    except DatabaseError:
        return False


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("operation", [*SAFE.values(), *BREAKING.values()], ids=[*SAFE, *BREAKING])
def test_the_previous_version_works_after_a_migration_without_faults(
    state: ProjectState, pet: type[models.Model], operation: Operation
) -> None:
    new = migration(operation)
    with connection.schema_editor(atomic=new.atomic) as editor:
        new.apply(state.clone(), editor)
    # SQLite has columns without a length, and any type in each.
    if connection.vendor == "postgresql" or not isinstance(operation, AlterField):
        assert previous_version_works(pet) == (not list(faults(new, state)))


@pytest.mark.parametrize("operation", SAFE.values(), ids=SAFE)
def test_a_safe_migration_has_no_fault(state: ProjectState, operation: Operation) -> None:
    assert list(faults(migration(operation), state)) == []


@pytest.mark.parametrize(
    "operation", [*BREAKING.values(), *LOCKING.values()], ids=[*BREAKING, *LOCKING]
)
def test_a_migration_that_breaks_a_rule_has_to_say_why_it_is_safe(
    state: ProjectState, operation: Operation
) -> None:
    new = migration(operation)
    assert list(faults(new, state.clone()))
    new.safe_because = "Nobody keeps a pet."  # type: ignore[attr-defined]
    assert not list(faults(new, state))


def test_a_table_may_change_in_the_migration_that_creates_it(state: ProjectState) -> None:
    number = models.IntegerField(default=0)
    new = migration(SAFE["a table"], AddField("toy", "number", number), AddIndex("toy", INDEX))
    assert list(faults(new, state)) == []


def test_only_migrations_from_before_the_rules_are_exempt(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(all_faults(MigrationLoader(None))) == []
    monkeypatch.setattr("tools.migrations.EXEMPT", {})
    assert any("0016_indexes_of_credit" in fault for fault in all_faults(MigrationLoader(None)))
