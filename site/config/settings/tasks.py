"""Work outside of requests: how tasks are run, and when the periodic ones are."""

from typing import Any

from config.settings.environment import choice

# Everything that Magpie does by itself, in UTC.
SCHEDULES = {
    # For each person who wants it, on Mondays.
    "digest": {"task": "home.digest.enqueue_digests", "cron": "0 7 * * mon"},
    "prune": {"task": "ops.tasks.prune", "cron": "30 4 * * *"},
}
# Tasks are rows in the database, in the transaction that enqueues them, until a worker runs them.
DATABASE: dict[str, Any] = {
    "BACKEND": "django_ox.backend.OxBackend",
    "OPTIONS": {
        # With pauses of 10 seconds to an hour, a task is tried for 7 hours.
        "MAX_ATTEMPTS": 16,
        "BACKOFF_INITIAL": 10,
        "BACKOFF_MAX": 60 * 60,
        # Seconds after which the tasks of a killed worker run again.
        "LOCK_TIMEOUT": 60,
        "SCHEDULES": SCHEDULES,
    },
}
IMMEDIATE: dict[str, Any] = {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}
HAS_WORKER = choice("TASKS", "immediate", ["immediate", "database"]) == "database"
TASKS = {"default": DATABASE if HAS_WORKER else IMMEDIATE}
