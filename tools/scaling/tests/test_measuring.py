"""What is measured is what the tables say, in a small town."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tools.bench import data
from tools.bench.town import ORDINARY_IMAGE, VIEWERS, Town
from tools.bench.visits import VIEWER
from tools.scaling import community, statements, tables
from tools.scaling.costs import FILE
from tools.scaling.meter import Meter
from tools.servers.redis import redis

pytestmark = pytest.mark.postgresql


@pytest.fixture
def town(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Fill the database with 188 people."""
    monkeypatch.setattr(community, "PEOPLE", Town(0.002).people)
    data.fill(Town(0.002))
    community.complete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Town(0.002)


@pytest.fixture
def meter(town: Town, settings: Settings) -> Iterator[Meter]:
    with redis() as url:
        settings.CACHE_URL = url
        yield Meter()


def test_each_table_has_rows_and_bytes(town: Town) -> None:
    sizes = {table.name: table for table in tables.sizes()}
    assert {*sizes} == {*tables.UNITS}
    for table in sizes.values():
        assert min(table.rows, table.units, table.indexes, table.bytes_per_unit) > 0
    assert sizes["auth_user"].rows == town.people
    # A file has several parts of its hash.
    hashes = sizes["images_hashpart"]
    assert (hashes.unit, hashes.units) == (FILE, sizes["images_imagefile"].rows)
    assert hashes.rows > 4 * hashes.units


def test_a_feed_probes_an_index_for_each_followed_person(town: Town) -> None:
    costs = {statement.name: statement for statement in statements.statements_of_feed()}
    assert costs["actions"].probes > town.following[VIEWER] == min(VIEWERS[VIEWER], 62)
    assert all(statement.buffers >= statement.probes > 0 for statement in costs.values())


def test_a_page_costs_what_its_statements_say(
    meter: Meter, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(User.objects.get(pk=VIEWER))
    client.get("/images/")
    cost = meter.measure(lambda: client.get("/images/"))
    assert (cost.counts, cost.images) == (0, 18)
    assert min(cost.site, cost.database, cost.bytes) > 0
    with django_assert_num_queries(int(cost.statements)):
        client.get("/images/")


def test_a_like_writes_and_is_counted(meter: Meter) -> None:
    client = Client()
    client.force_login(User.objects.get(pk=VIEWER))
    path = f"/images/{ORDINARY_IMAGE}/like/"
    # The first count loads a script into Redis.
    client.post(path, {"action": "unlike"})
    cost = meter.measure(lambda: client.post(path, {"action": "like"}))
    # Per person and per address.
    assert cost.counts == 2
    # Other tests may write to the same server at the same time.
    assert cost.writes >= 1
    assert cost.log > 100
