"""Health checks for monitors."""

import logging
from collections.abc import Callable
from functools import cache, lru_cache
from time import monotonic

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from web.models import RateLimit

logger = logging.getLogger("magpie.health")


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200, without a query, while the process is up."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 and the database's version if pages can be served, else 503 and what fails."""
    failed = failures(int(monotonic()))
    text = "".join(f"The {name} cannot be used.\n" for name in failed)
    text = text or f"ok\n{database_version(int(monotonic()))}\n"
    return HttpResponse(
        text, content_type="text/plain; charset=utf-8", status=503 if failed else 200
    )


@lru_cache(maxsize=1)
def failures(second: int) -> list[str]:
    """Return the names of failed checks. They run once a second, however often a monitor asks."""
    return [name for name, check in CHECKS.items() if not passes(name, check)]


@lru_cache(maxsize=1)
def database_version(second: int) -> str:
    """Return the database and its version, such as `SQLite 3.53.4`."""
    return f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}"


def passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        logger.exception("%s cannot be used", name)
        return False


def database() -> bool:
    """Return whether the primary database answers and all migrations are applied."""
    applied = MigrationRecorder.Migration.objects.using("default").values_list("app", "name")
    return newest_migrations() <= set(applied)


@cache
def newest_migrations() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).graph.leaf_nodes())


def counts() -> bool:
    """Return whether rate limits can be counted."""
    return RateLimit.objects.add("readyz", seconds=60) > 0


def media() -> bool:
    """Return whether files can be written."""
    default_storage.check()  # type: ignore[attr-defined]
    return True


CHECKS = {"database": database, "cache": counts, "media": media}
