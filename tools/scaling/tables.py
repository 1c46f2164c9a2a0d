"""The size of tables, and what share of their pages the requests of an hour touch."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from django.db import connection

from tools.bench.town import FOLLOWING
from tools.scaling.assumptions import ACTIVE, PEAK
from tools.scaling.community import Community
from tools.scaling.costs import ACT, FILE, FOLLOW, IMAGE, LIKE, MEMBER, Table
from tools.servers.database import connect

if TYPE_CHECKING:
    from django.db.backends.postgresql.base import DatabaseWrapper

# What each table that grows has rows for. Some have several for each.
UNITS = {
    "account_emailaddress": MEMBER,
    "auth_user": MEMBER,
    "django_session": MEMBER,
    "images_hashpart": FILE,
    "images_image": IMAGE,
    "images_imagecount": MEMBER,
    "images_imagefile": FILE,
    "images_like": LIKE,
    "images_receiveddigest": FILE,
    "people_contact": FOLLOW,
    "people_profile": MEMBER,
    "stream_action": ACT,
}
# The table with one row for each unit.
COUNTED = {
    MEMBER: "auth_user",
    IMAGE: "images_image",
    FILE: "images_imagefile",
    LIKE: "images_like",
    FOLLOW: "people_contact",
    ACT: "stream_action",
}
HOURS_OF_DAY = 24
SIZES = """
    SELECT relname, reltuples::bigint, pg_table_size(oid), pg_indexes_size(oid),
        (SELECT count(*) FROM pg_index WHERE indrelid = pg_class.oid)
    FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r' ORDER BY relname
"""
TOUCHED = """
    SELECT coalesce(index.indrelid, class.oid)::regclass::text, count(DISTINCT (buffer.relfilenode,
        buffer.relforknumber, buffer.relblocknumber)) * current_setting('block_size')::int
    FROM pg_buffercache AS buffer
    JOIN pg_class AS class ON buffer.relfilenode = pg_relation_filenode(class.oid)
    LEFT JOIN pg_index AS index ON index.indexrelid = class.oid
    WHERE buffer.reldatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    GROUP BY 1
"""


def sizes() -> list[Table]:
    """Return the size of each table."""
    with connection.cursor() as cursor:
        cursor.execute(SIZES, [list(UNITS)])
        found = {row[0]: row for row in cursor.fetchall()}
    units = {unit: found[table][1] for unit, table in COUNTED.items()}
    return [
        Table(name, UNITS[name], units[UNITS[name]], rows, heap, count, index_bytes)
        for name, rows, heap, index_bytes, count in found.values()
    ]


def touched(tables: list[Table]) -> list[Table]:
    """Let members come as in the busiest hour, and return the tables with the share they touch."""
    from tools.scaling.requests import client_of, day_of, page

    random = Random(1)
    people = range(len(FOLLOWING) + 1, Community().people)
    # Each makes the requests of a whole day.
    count = round(ACTIVE.value * len(people) * PEAK.value / HOURS_OF_DAY)
    clients = [client_of(user) for user in random.sample(people, count)]
    with unread_copy():
        for client in clients:
            for visit in day_of(random):
                page(client, visit, visit.path)
        with connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION pg_buffercache")
            cursor.execute(TOUCHED)
            read = dict(cursor.fetchall())
    return [
        table._replace(touched=min(read.get(table.name, 0) / (table.heap + table.index_bytes), 1))
        for table in tables
    ]


@contextmanager
def unread_copy() -> Iterator[None]:
    """Use a copy of the database of which the server has read nothing yet."""
    name, copy = connection.settings_dict["NAME"], "magpie_scaling_copy"
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres").geturl()
    disconnect()
    with connect(url) as server:
        server.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}" STRATEGY FILE_COPY')
    connection.settings_dict["NAME"] = copy
    try:
        yield
    finally:
        disconnect()
        connection.settings_dict["NAME"] = name


def disconnect() -> None:
    connection.close()
    # The type that Django's stubs give to all connections lacks it.
    cast("DatabaseWrapper", connection).close_pool()
