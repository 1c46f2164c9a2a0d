"""A site whose static files were never collected works, and a check says what to run."""

import re
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from testing.fixtures.files import COLLECTED_STORAGE
from web.checks import check_static_files


@pytest.fixture(autouse=True)
def uncollected(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {"staticfiles": COLLECTED_STORAGE}
    settings.WHITENOISE_AUTOREFRESH = False
    settings.WHITENOISE_USE_FINDERS = True


@pytest.mark.django_db
def test_pages_link_to_files_that_are_served() -> None:
    client = Client()
    links = set(re.findall(r'"(/static/[^"]+)"', client.get("/").text))
    assert links
    for link in links:
        response = client.get(link)
        assert response.status_code == 200, link
        response.close()


def test_a_check_names_the_command() -> None:
    [message] = [message for message in run_checks() if message.id == "web.W001"]
    assert "collectstatic" in str(message.hint)


def test_with_debug_there_is_nothing_to_collect(settings: Settings) -> None:
    settings.DEBUG = True
    assert check_static_files() == []


def test_collected_files_pass_the_check(collected_static: Path) -> None:
    assert check_static_files() == []


@pytest.mark.django_db
def test_check_names_migrations_that_are_not_applied(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("migrate", "images", "zero", fake=True, verbosity=0)
    capsys.readouterr()
    call_command("check")
    assert "manage.py migrate" in capsys.readouterr().out
