"""Machines that migrate a PostgreSQL database at the same time wait for each other."""

import os
import subprocess
import sys
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from ops.management.commands.migrate import LOCK_TIMEOUT, locked
from tools.servers.database import temporary_database
from web.index_operations import AddIndexOnline

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def lock_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])


def test_machines_that_migrate_at_once_all_succeed(database_url: str) -> None:
    with temporary_database(database_url, f"at_once_{os.getpid()}") as url:
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        environment = os.environ | {"DATABASE_URL": url}
        machines = [
            subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment) for _ in range(3)
        ]
        assert [machine.wait() for machine in machines] == [0, 0, 0]


def test_only_migrations_give_up_waiting_for_a_lock_soon() -> None:
    before = lock_timeout()
    with locked(connection):
        assert lock_timeout() == LOCK_TIMEOUT != before
    assert lock_timeout() == before


@pytest.fixture
def pet() -> Iterator[tuple[ProjectState, ProjectState, AddIndexOnline]]:
    """Return the states before and after an index is added to a table, and the operation."""
    before = ProjectState()
    fields: list[tuple[str, models.Field[Any, Any]]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.TextField()),
    ]
    migrations.CreateModel("pet", fields).state_forwards("zoo", before)
    operation = AddIndexOnline("pet", models.Index(fields=["name"], name="pet_name"))
    after = before.clone()
    operation.state_forwards("zoo", after)
    with connection.schema_editor() as editor:
        editor.create_model(before.apps.get_model("zoo", "pet"))
    yield before, after, operation
    with connection.schema_editor() as editor:
        editor.execute("DROP TABLE zoo_pet")


def indexes() -> dict[str, Any]:
    with connection.cursor() as cursor:
        found: dict[str, Any] = connection.introspection.get_constraints(cursor, "zoo_pet")
    return found


def test_an_index_can_be_made_again_after_a_failure_and_while_another_machine_waits(
    pet: tuple[ProjectState, ProjectState, AddIndexOnline],
) -> None:
    before, after, operation = pet

    def wait() -> None:
        with locked(connection):
            pass
        connection.close()

    with locked(connection):
        other = Thread(target=wait)
        other.start()
        for _ in range(2):
            with connection.schema_editor(atomic=False) as editor:
                operation.database_forwards("zoo", editor, before, after)
        assert "pet_name" in indexes()
        assert lock_timeout() == LOCK_TIMEOUT
    other.join()
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("zoo", editor, after, before)
    assert "pet_name" not in indexes()
