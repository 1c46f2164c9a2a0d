"""With a wrong setting, the site does not start, and prints one sentence that names it."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

WRONG = {
    "ALLOWED_HOSTS": ["https://magpie.example", "magpie.example:80", "a b"],
    "CACHE_URL": ["nonsense", "memcached://localhost", "redis://localhost:port"],
    "DATABASE_POOL_SIZE": ["0", "many"],
    # DATABASE_URL is not set, so the database is SQLite.
    "DATABASE_REPLICA_URL": ["nonsense", "postgres://host/magpie", "sqlite:////db.sqlite3"],
    "DATABASE_TIMEOUT": ["soon", "0", "-1", "1.5", "99999999999"],
    "DATABASE_URL": [
        "nonsense",
        "mysql://localhost/magpie",
        "postgres://localhost",
        "postgres://localhost:port/magpie",
        "sqlite://",
        "sqlite://db.sqlite3",
        "sqlite:////nowhere/db.sqlite3",
    ],
    "DEBUG": ["maybe"],
    "DECODE_SLOTS": ["0", "two"],
    "DEMO": ["2"],
    "EMAIL_URL": ["foo", "smtp", "smtp://", "smtp://localhost:port", "imap://localhost"],
    "FETCH_ALLOWED_HOSTS": ["localhost", "http://localhost:80"],
    "FETCH_SLOTS": ["0"],
    "LANGUAGES": ["xx", "en,xx", ","],
    "LOG_FORMAT": ["xml"],
    "MEDIA_URL": [
        "media",
        "/files/",
        "https://",
        "ftp://a.example/",
        "https://a b/",
        "//a.example/",
        "https://bücher.example/",
        "https://*.example/",
    ],
    "SECURITY_CONTACT": ["somebody", "http://magpie.example", "a@b\nExpires:", "https://"],
    "SENTRY_DSN": ["nonsense", "https://sentry.example"],
    "SITE_URL": [
        "magpie.example",
        "ftp://magpie.example",
        "https://",
        "https://magpie.example/path",
        "https://magpie.example?query",
        "https://me@magpie.example",
        "https://magpie.example:port",
        "https://magpie.example:99999",
        "https://bücher.example",
        "https://[::1",
    ],
    "STORAGE_URL": [
        "nonsense",
        "file://folder",
        "file:///",
        "s3://key:secret@host",
        "s3://key:secret@/bucket",
        "s3://host/bucket",
        "s3://key@host/bucket",
        "s3://:secret@host/bucket",
        "s3://key:secret@host:port/bucket",
        "s3://key:secret@host/Two Words",
        "s3://key:secret@host/bucket#secret",
        "s3://key:secret@host/bucket?endpoint=host",
        "s3://key:secret@host/bucket?endpoint=http://host:port",
        "s3://key:secret@host/bucket?endpoint=http://two%20hosts",
        "s3://key:secret@host/bucket?colour=teal",
        "gs://bucket",
    ],
    "TASKS": ["redis"],
    "THREADS": ["-1", "3"],
    "TMPDIR": ["/nowhere/uploads", __file__],
    "UPLOAD_MB_PER_FORM": ["0", "60 MB"],
    "UPLOAD_MB_PER_DAY": ["0", "1 GB"],
    "WORKERS": ["-1", "auto"],
}
SETTINGS = [(name, value) for name, values in WRONG.items() for value in values]


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_the_error_is_one_line_that_names_the_setting(
    load_settings: Callable[..., dict[str, Any]], name: str, value: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as error:
        load_settings(**{name: value})
    sentence = str(error.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_REPLICA_URL", "EMAIL_URL", "CACHE_URL"])
def test_the_error_does_not_show_a_password(
    load_settings: Callable[..., dict[str, Any]], name: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as error:
        load_settings(**{name: "nonsense://magpie:shiny@localhost:port/x"})
    assert "shiny" not in str(error.value)


@pytest.mark.parametrize("name", WRONG)
def test_an_empty_value_counts_as_not_set(
    load_settings: Callable[..., dict[str, Any]], name: str
) -> None:
    assert load_settings(**{name: ""}).get(name) == load_settings().get(name)


def start(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [
        "manage.py check",
        "site/web/server.py --port 8999 config.wsgi:application",
        "deploy/serve.py var/no-socket config.wsgi:application",
    ],
)
def test_no_program_starts_with_a_wrong_setting(command: str) -> None:
    done = start(*command.split(), DATABASE_TIMEOUT="soon")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("DATABASE_TIMEOUT must be ")
    assert done.stderr.count("\n") == 1


def test_an_unreachable_database_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "db.sqlite3").mkdir()
    done = start("manage.py", "migrate", DATABASE_URL=f"sqlite:///{tmp_path / 'db.sqlite3'}")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("The database cannot be used: ")
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_reported_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = start("site/web/server.py", "--port", port, "config.wsgi:application")
    assert done.returncode == 1
    assert done.stdout == ""
    assert port in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_an_invalid_port_is_reported_in_one_sentence(port: str) -> None:
    done = start("site/web/server.py", f"--port={port}", "config.wsgi:application")
    assert done.returncode == 1
    assert port in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_command_that_needs_a_table_names_migrate(tmp_path: Path) -> None:
    done = start("manage.py", "demo", DATABASE_URL=f"sqlite:///{tmp_path / 'db.sqlite3'}")
    assert done.returncode == 1
    assert "Run `manage.py migrate` first." in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
