"""Tasks wait in the database until a worker runs them, and those that fail are kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django_ox.models import OxTask

from ops import tasks

FAILED, SUCCESSFUL = OxTask.Status.FAILED, OxTask.Status.SUCCESSFUL


@pytest.fixture
def pruned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the commands that tasks call. They do nothing."""
    called: list[str] = []
    monkeypatch.setattr(tasks, "call_command", called.append)
    return called


def finished(days: int, status: OxTask.Status) -> OxTask:
    then = timezone.now() - timedelta(days=days)
    times = {"enqueued_at": then, "finished_at": then}
    return OxTask.objects.create(
        task_path="ops.tasks.prune", backend_name="default", status=status, **times
    )


def test_a_task_runs_at_once_without_a_worker(pruned: list[str]) -> None:
    tasks.prune.enqueue()
    assert pruned == ["prune"]


def test_with_a_worker_it_waits(queue: Callable[[], int], pruned: list[str]) -> None:
    tasks.prune.enqueue()
    assert pruned == []
    assert queue() == 1
    assert pruned == ["prune"]


def test_it_goes_with_the_transaction_that_enqueued_it(queue: Callable[[], int]) -> None:
    with transaction.atomic():
        tasks.prune.enqueue()
        transaction.set_rollback(True)
    assert queue() == 0


def test_a_task_that_fails_runs_again_after_a_growing_pause(
    queue: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "call_command", lambda name: 1 / 0)
    tasks.prune.enqueue()
    pauses = []
    while (task := OxTask.objects.get()).status != FAILED:
        OxTask.objects.update(run_after=timezone.now())
        before = timezone.now()
        assert queue() == 1
        if due := OxTask.objects.get().run_after:
            pauses.append(due - before)
    assert len(task.errors) == task.attempts == 16
    assert pauses[0] < timedelta(minutes=1) < pauses[5] < pauses[-2]
    assert "ZeroDivisionError" in str(task.errors[0])


def test_the_staff_see_and_retry_what_failed(
    queue: Callable[[], int], admin_client: Client, pruned: list[str]
) -> None:
    task = finished(1, FAILED)
    assert "ops.tasks.prune" in admin_client.get("/admin/django_ox/oxtask/?status=FAILED").text
    data = {"action": "retry_selected", "_selected_action": [str(task.pk)]}
    admin_client.post("/admin/django_ox/oxtask/", data)
    assert queue() == 1
    assert pruned == ["prune"]


@pytest.mark.django_db
def test_prune_deletes_finished_tasks_after_a_week_and_failed_ones_after_a_month() -> None:
    kept = {finished(6, SUCCESSFUL), finished(29, FAILED)}
    finished(8, SUCCESSFUL)
    finished(31, FAILED)
    call_command("prune")
    assert {*OxTask.objects.all()} == kept


def test_a_worker_does_not_start_without_a_queue(settings: Any) -> None:
    settings.HAS_WORKER = False
    with pytest.raises(CommandError, match="TASKS=database"):
        call_command("worker")
