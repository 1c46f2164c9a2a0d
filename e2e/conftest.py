"""A real server on the tests' database, and a real browser with scripts on and off."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    ConsoleMessage,
    Page,
    expect,
)
from pytest_django import DjangoDbBlocker

from images.files import ImageFile
from people.models import Contact
from tools.servers.browser import launch_options
from tools.servers.site import serving
from web.models import RateLimit

# Playwright runs an event loop in the thread in which the tests use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# Hashing a password takes seconds where many tests run at once.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def server_environment(
    database_url: str, media_root: str, static_root: str, local_web: str
) -> dict[str, str]:
    """Return settings of a server that shares the database and files of the tests."""
    return {
        "DATABASE_URL": database_url,
        "MEDIA_ROOT": media_root,
        "STATIC_ROOT": static_root,
        "FETCH_ALLOWED_HOSTS": local_web.removeprefix("http://"),
        # Arabic is written from right to left.
        "LANGUAGES": "en,de,ar",
        # Several tests run at the same time, each with a server.
        "WORKERS": "1",
    }


@pytest.fixture(scope="session")
def site_url(
    server_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve the site with granian, as `make run` does, and yield the address.

    TESTED_SITE is the address of a site that is running.
    """
    if given := os.environ.get("TESTED_SITE"):
        yield given
        return
    log = tmp_path_factory.mktemp("server") / "log"
    # All tests come from one IP address, so they would exceed the rate limits.
    others = {"CACHE_URL": "dummycache://"}
    with log.open("w") as output, serving(output, **server_environment, **others) as url:
        yield url
    errors = log.read_text()
    assert "Internal Server Error" not in errors, errors


@pytest.fixture(scope="session")
def content_types(site_url: str, django_db_blocker: DjangoDbBlocker) -> list[ContentType]:
    """Return the content types that the server has in memory."""
    with django_db_blocker.unblock():
        return list(ContentType.objects.all())


@pytest.fixture(autouse=True)
def db(content_types: list[ContentType], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let tests and servers see the same rows, and delete them after each test.

    This replaces pytest-django's fixture, because a server cannot see rows in its transaction.
    """
    # Make sure that the rows deleted below are not those of a real site.
    assert connection.settings_dict["NAME"] == connection.settings_dict["TEST"]["NAME"]
    with django_db_blocker.unblock():
        if set(ContentType.objects.all()) != set(content_types):
            # A unit test has flushed the database, which gives content types new keys.
            ContentType.objects.all().delete()
            ContentType.objects.bulk_create(content_types)
            emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        if "TESTED_SITE" in os.environ:
            # The browser may read from a replica right after the test has written.
            with connection.cursor() as cursor:
                cursor.execute("SET synchronous_commit TO remote_apply")
        yield
        User.objects.all().delete()
        Session.objects.all().delete()
        # Files outlive their images by a day.
        ImageFile.objects.all().delete()
        RateLimit.objects.all().delete()
        connection.close()


@pytest.fixture(params=[True, False], ids=["scripts on", "scripts off"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Return whether the browser runs scripts. Tests that use this fixture run both ways."""
    return bool(request.param)


scripts_on = pytest.mark.parametrize("scripts", [True], ids=["scripts on"], indirect=True)


@pytest.fixture
def motion() -> str:
    """Return the viewer's preference. Tests take much longer if something moves."""
    return "reduce"


# For tests of pages that move.
moving = pytest.mark.parametrize("motion", ["no-preference"], ids=["moving"])


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type: BrowserType) -> dict[str, Any]:
    options = launch_options(browser_type)
    assert options, "No browser starts. Run `make setup` to install one."
    # Playwright turns off the back-forward cache, which restores the position in a long list.
    return options | {"ignore_default_args": ["--disable-back-forward-cache"]}


@pytest.fixture(scope="session")
def full_browser(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    """Start a browser that has a back-forward cache and view transitions."""
    options = launch_options(browser_type, full=True) or {}
    with browser_type.launch(**(browser_type_launch_args | options)) as browser:
        yield browser


@pytest.fixture
def browser_context_args(scripts: bool, motion: str, site_url: str) -> dict[str, Any]:
    return {"base_url": site_url, "java_script_enabled": scripts, "reduced_motion": motion}


@pytest.fixture
def console_errors() -> list[str]:
    """Collect console errors and warnings, and uncaught exceptions. Any left fails the test."""
    return []


@pytest.fixture
def expect_console_error(console_errors: list[str]) -> Callable[[str], None]:
    """Expect at least one console error with a text, and remove all that have it."""

    def expect_console_error(text: str) -> None:
        others = [error for error in console_errors if text not in error]
        assert len(others) < len(console_errors)
        console_errors[:] = others

    return expect_console_error


@pytest.fixture
def page(context: BrowserContext, console_errors: list[str]) -> Iterator[Page]:
    page = context.new_page()
    page.set_default_timeout(15_000)

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            console_errors.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: console_errors.append(str(error)))
    yield page
    # The browser skips a view transition if a page is too fast or too slow for it.
    assert [text for text in console_errors if not text.startswith("Transition was")] == []


@pytest.fixture
def person() -> Callable[..., User]:
    """Create a user whose first name is their username."""

    def person(username: str, **fields: Any) -> User:
        return User.objects.create_user(username, first_name=username.title(), **fields)

    return person


@pytest.fixture
def sign_in_browser(
    context: BrowserContext, site_url: str, sign_in: Callable[[User], Client]
) -> Callable[[User], None]:
    """Give the browser a user's session, for tests that do not start by signing in."""

    def sign_in_browser(user: User) -> None:
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": sign_in(user).cookies[name].value, "url": site_url}
        context.add_cookies([cookie])  # type: ignore[list-item]

    return sign_in_browser


@pytest.fixture
def viewer(ana: User, sign_in_browser: Callable[[User], None]) -> User:
    """Return Ana, signed in to the browser."""
    sign_in_browser(ana)
    return ana


@pytest.fixture
def followed_ben(viewer: User, ben: User) -> User:
    """Return Ben, whom the viewer follows."""
    Contact.objects.follow(viewer, ben)
    return ben
