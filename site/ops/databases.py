"""What backups ask of a database, whichever it is."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from django.apps import apps
from django.db import connection, models

from ops import postgresql, sqlite


class Reader(Protocol):
    """A connection that goes on seeing one moment, whatever others write."""

    def execute(self, sql: Any, /) -> Iterable[Any]: ...


class Database(Protocol):
    """How to dump, load and check one of the databases that Magpie runs on."""

    # What the dump is called in an archive.
    MEMBER: str

    def writers_kept_out(self, tables: list[str], /) -> AbstractContextManager[None]: ...
    def frozen(self) -> AbstractContextManager[Any]: ...
    def dump(self, reader: Any, path: Path, /) -> None: ...
    def load(self, path: Path, /) -> None: ...
    def damage(self) -> Iterator[str]: ...


DATABASES: dict[str, Database] = {"sqlite": sqlite, "postgresql": postgresql}


def database() -> Database:
    """Return how to dump, load and check the database that is in use."""
    return DATABASES[connection.vendor]


def file_fields() -> Iterator[models.FileField]:
    """Yield the fields that name a file, of all models."""
    for model in apps.get_models():
        yield from (field for field in model._meta.fields if isinstance(field, models.FileField))


def file_tables() -> list[str]:
    """Return the tables that name files."""
    return sorted({field.model._meta.db_table for field in file_fields()})


def file_names(reader: Reader) -> set[str]:
    """Return the names of the files that rows name."""
    tables = set(connection.introspection.table_names())
    names: set[str] = set()
    for field in file_fields():
        table, column = field.model._meta.db_table, str(field.column)
        if table in tables:
            names |= {name for (name,) in select(reader, column, table)}
    return names - {""}


def migrations(reader: Reader) -> list[str]:
    """Return the migrations that were applied, such as `images.0001_initial`."""
    return sorted(".".join(row) for row in select(reader, "app", "django_migrations", "name"))


def counts(reader: Reader) -> dict[str, int]:
    """Return the number of rows of each model."""
    return {
        model._meta.label: count
        for model in apps.get_models()
        for (count,) in reader.execute(f"SELECT COUNT(*) FROM {quoted(model._meta.db_table)}")  # noqa: S608
    }


def select(reader: Reader, column: str, table: str, *others: str) -> Iterable[Any]:
    columns = ", ".join(quoted(name) for name in (column, *others))
    return reader.execute(f"SELECT DISTINCT {columns} FROM {quoted(table)}")  # noqa: S608


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
