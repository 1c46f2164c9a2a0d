"""Additional databases on a PostgreSQL server. This needs only the packages of the site."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import psycopg


def is_postgres(url: str) -> bool:
    return urlsplit(url).scheme in {"postgres", "postgresql", "psql", "pgsql"}


def connect(url: str) -> psycopg.Connection:
    # psycopg knows fewer schemes than django-environ.
    return psycopg.connect(urlsplit(url)._replace(scheme="postgres").geturl(), autocommit=True)


def create_database(url: str, name: str) -> str:
    """Create a database on the server of `url`, unless it exists, and return its URL."""
    with suppress(psycopg.errors.DuplicateDatabase), connect(url) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextmanager
def temporary_database(url: str, name: str) -> Iterator[str]:
    """Create a database on the server of `url`, yield its URL, and drop it afterwards."""
    try:
        yield create_database(url, name)
    finally:
        with connect(url) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
