"""The browser tests: the real server on the tests' database, a real browser, two modes."""

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
    Locator,
    Page,
    expect,
)
from pytest_django import DjangoDbBlocker

from people.models import Contact
from tools.servers.browser import launch_options
from tools.servers.site import serving

# Playwright runs a loop of its own in the thread from which the tests use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
PASSWORD = "a-long-enough-one"
# Hashing a password takes seconds where many tests run at once.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def environment(
    database_url: str, media_root: str, static_root: str, local_web: str
) -> dict[str, str]:
    """What a server needs that shares the database and the files of the tests."""
    return {
        "DATABASE_URL": database_url,
        "MEDIA_ROOT": media_root,
        "STATIC_ROOT": static_root,
        "FETCH_ALLOWED_HOSTS": local_web.removeprefix("http://"),
        # One of them is written from right to left.
        "LANGUAGES": "en,de,ar",
    }


@pytest.fixture(scope="session")
def site_url(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve the site with granian, as `make run` does, and return its address."""
    log = tmp_path_factory.mktemp("server") / "log"
    # All tests come from one address, which must not be slowed down for it.
    others = {"CACHE_URL": "dummycache://"}
    with log.open("w") as output, serving(output, **environment, **others) as url:
        yield url
    errors = log.read_text()
    assert "Internal Server Error" not in errors, errors


@pytest.fixture(scope="session")
def content_types(site_url: str, django_db_blocker: DjangoDbBlocker) -> list[ContentType]:
    """The content types as the server keeps them in memory."""
    with django_db_blocker.unblock():
        return list(ContentType.objects.all())


@pytest.fixture(autouse=True)
def database(
    content_types: list[ContentType], django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Let a test write what the server reads at once, and leave nothing behind."""
    # What is deleted below must never be anybody's own.
    assert connection.settings_dict["NAME"] == connection.settings_dict["TEST"]["NAME"]
    with django_db_blocker.unblock():
        if set(ContentType.objects.all()) != set(content_types):
            # A unit test flushed the database in between, and they were made anew.
            ContentType.objects.all().delete()
            ContentType.objects.bulk_create(content_types)
            emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        yield
        User.objects.all().delete()
        Session.objects.all().delete()
        connection.close()


@pytest.fixture(params=[True, False], ids=["scripts on", "scripts off"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts; every journey is made both ways."""
    return bool(request.param)


scripts_on = pytest.mark.parametrize("scripts", [True], ids=["scripts on"], indirect=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type: BrowserType) -> dict[str, Any]:
    options = launch_options(browser_type)
    assert options, "No browser starts; `make setup` gets one."
    # Playwright turns off what brings a reader back to the same place in a long list.
    return options | {"ignore_default_args": ["--disable-back-forward-cache"]}


@pytest.fixture(scope="session")
def whole_browser(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    """A browser that keeps pages to go back to, and moves from one to another."""
    options = launch_options(browser_type, whole=True) or {}
    with browser_type.launch(**(browser_type_launch_args | options)) as browser:
        yield browser


@pytest.fixture
def browser_context_args(scripts: bool, site_url: str) -> dict[str, Any]:
    return {"base_url": site_url, "java_script_enabled": scripts}


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of, which no test may leave behind."""
    return []


@pytest.fixture
def expect_complaint(complaints: list[str]) -> Callable[[str], None]:
    """Take away the complaints which say `what`; there has to be one."""

    def expect_complaint(what: str) -> None:
        others = [complaint for complaint in complaints if what not in complaint]
        assert len(others) < len(complaints)
        complaints[:] = others

    return expect_complaint


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    page = context.new_page()
    page.set_default_timeout(15_000)

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    # A page that is too quick or too slow for a view transition goes without.
    assert [what for what in complaints if not what.startswith("Transition was")] == []


@pytest.fixture
def person() -> Callable[..., User]:
    """Make a person, named after their username."""

    def person(username: str, **fields: Any) -> User:
        return User.objects.create_user(username, first_name=username.title(), **fields)

    return person


@pytest.fixture
def sign_in(context: BrowserContext, site_url: str) -> Callable[[User], None]:
    """Give the browser a session, for the journeys that do not begin at the door."""

    def sign_in(user: User) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": site_url}
        context.add_cookies([cookie])  # type: ignore[list-item]

    return sign_in


@pytest.fixture
def ana(person: Callable[..., User], sign_in: Callable[[User], None]) -> User:
    """Ana, who is signed in."""
    ana = person("ana")
    sign_in(ana)
    return ana


@pytest.fixture
def ben(ana: User, person: Callable[..., User]) -> User:
    """Ben, whom Ana follows."""
    ben = person("ben")
    Contact.objects.follow(ana, ben)
    return ben


def mark(page: Page) -> None:
    """Mark the page that is open, so that `is_marked` tells whether it was reloaded since."""
    page.evaluate("window.isMarked = true")


def is_marked(page: Page) -> bool:
    return bool(page.evaluate("window.isMarked === true"))


def scroll_until(page: Page, is_so: Callable[[], object]) -> None:
    """Scroll to the end of the page, and further as it grows, until something is so."""
    for _ in range(200):
        if is_so():
            return
        page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
        page.wait_for_timeout(50)
    raise AssertionError("It never was so.")


def seen_to_the_end(page: Page, rows: Locator, more: str, scripts: bool) -> list[str]:
    """Scroll, or press the link without scripts, until there is no more; returns all rows."""
    link = page.get_by_role("link", name=more)
    if scripts:
        scroll_until(page, lambda: not link.count())
        return rows.all_inner_texts()
    seen = rows.all_inner_texts()
    while link.count():
        with page.expect_navigation():
            link.click()
        seen += rows.all_inner_texts()
    return seen
