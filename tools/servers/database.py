"""Databases beside the one of a URL; it takes no more than the site itself does."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import psycopg


def is_postgres(url: str) -> bool:
    return urlsplit(url).scheme in {"postgres", "postgresql", "psql", "pgsql"}


def connect(url: str) -> psycopg.Connection:
    # Of the schemes that Django is told, it knows but some.
    return psycopg.connect(urlsplit(url)._replace(scheme="postgres").geturl(), autocommit=True)


def beside(url: str, name: str) -> str:
    """Make a database on the server of `url`, unless it is there; returns its URL."""
    with suppress(psycopg.errors.DuplicateDatabase), connect(url) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextmanager
def scratch(url: str, name: str) -> Iterator[str]:
    """Yield the URL of such a database, which is gone afterwards."""
    try:
        yield beside(url, name)
    finally:
        with connect(url) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
