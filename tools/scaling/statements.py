"""The statements of a feed as PostgreSQL runs them."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from tools.bench.feed import page, sent_by
from tools.bench.visits import VIEWER
from tools.scaling.costs import Statement

NAMES = ["how many people", "actions", "people", "images"]


def statements_of_feed() -> list[Statement]:
    """Return the cost of each statement of a page of the feed."""
    viewer = User.objects.get(pk=VIEWER)
    found = []
    with connection.cursor() as cursor:
        for name, (sql, params) in zip(NAMES, sent_by(partial(page, viewer, "")), strict=True):
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
            (plan,) = cursor.fetchone()
            plan = json.loads(plan) if isinstance(plan, str) else plan
            root = plan[0]["Plan"]
            buffers = root["Shared Hit Blocks"] + root["Shared Read Blocks"]
            probes = sum(
                node["Actual Loops"] for node in nodes(root) if "Index" in node["Node Type"]
            )
            found.append(Statement(name, round(probes), buffers))
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the nodes of a plan."""
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)
