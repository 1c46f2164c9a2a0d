"""Rate limits are exact across workers, and their messages appear where people look."""

import http.client
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect
from redis import Redis

from e2e.pages import is_marked, mark
from images.models import Image
from testing.fixtures.people import PASSWORD
from tools.servers.redis import redis
from tools.servers.site import serving
from web.models import RateLimit

AT_ONCE, REFUSED = 32, 8
# Higher limits are counted in the same way, and take hundreds of requests to reach. Those of the
# database are enough.
MAX_IN_REDIS = 60
TOKEN = "a" * 32


class Site(NamedTuple):
    """The address of a site, and the CACHE_URL in which it counts, if not in the database."""

    url: str
    cache: str = ""


@pytest.fixture(scope="module", params=["database", "redis"])
def four_workers(
    request: pytest.FixtureRequest, server_environment: dict[str, str]
) -> Iterator[Site]:
    """Serve the site with four processes, which count in the database or in Redis."""
    with ExitStack() as stack:
        cache = stack.enter_context(redis()) if request.param == "redis" else ""
        more = {"CACHE_URL": cache, "WORKERS": "4"}
        yield Site(stack.enter_context(serving(None, **(server_environment | more))), cache)


class Response(NamedTuple):
    status: int
    page: str


def send(url: str, form: dict[str, str], cookies: str) -> Response:
    """Post a form to the server over a connection of its own."""
    to = urlsplit(url)
    with closing(http.client.HTTPConnection(to.netloc, timeout=60)) as connection:
        headers = {
            "Cookie": f"csrftoken={TOKEN}; {cookies}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(form | {"csrfmiddlewaretoken": TOKEN})
        connection.request("POST", to.path, body, headers)
        response = connection.getresponse()
        return Response(response.status, response.read().decode())


def reset_counts(site: Site) -> None:
    RateLimit.objects.all().delete()
    if site.cache:
        with Redis.from_url(site.cache) as client:
            client.flushdb()


def send_at_once(
    times: int, site: Site, path: str, form: dict[str, str], cookies: str = ""
) -> list[Response]:
    """Post a form many times at once, within one minute and without an outage.

    The counts start again with each minute. On a busy machine, a worker may get no database
    connection within 5 seconds. It then answers 503 and takes its count back.
    """
    for _ in range(5):
        reset_counts(site)
        minute = int(time.time()) // 60
        with ThreadPoolExecutor(AT_ONCE) as pool:
            posts = [pool.submit(send, f"{site.url}{path}", form, cookies) for _ in range(times)]
        responses = [post.result() for post in posts]
        if int(time.time()) // 60 == minute and 503 not in [each.status for each in responses]:
            return responses
    raise AssertionError("Each time, a minute ended or a request got 503.")


def test_four_workers_together_admit_exactly_the_allowed_number(
    four_workers: Site, ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    client = Client()
    client.force_login(ana)
    name = settings.SESSION_COOKIE_NAME
    as_ana = f"{name}={client.cookies[name].value}"
    image = f"/images/{bookmark(ben, 'A bird').pk}/"
    kinds: list[tuple[str, str, str, dict[str, str], str]] = [
        ("account_login", "ip", "/accounts/login/", {"login": "ana"}, ""),
        ("account_signup", "ip", "/accounts/signup/", {"username": "cleo"}, ""),
        ("account_reset_password", "email", "/accounts/password/reset/", {"email": "a@b.org"}, ""),
        ("user_follow", "user", "/people/ben/follow/", {"action": "follow"}, as_ana),
        ("user_dismiss", "user", "/people/ben/dismiss/", {}, as_ana),
        ("image_like", "user", f"{image}like/", {"action": "like"}, as_ana),
        ("image_save", "user", f"{image}save/", {}, as_ana),
        ("image_create", "user", "/images/add/", {"preview": "", "url": ""}, as_ana),
        ("profile_edit", "user", "/profile/", {"first_name": "Ana"}, as_ana),
        ("welcome", "user", "/welcome/", {"step": "people"}, as_ana),
        ("welcome_profile", "user", "/welcome/profile/", {"first_name": "Ana"}, as_ana),
        ("stream_filter", "user", "/stream/filter/", {"show": "images"}, as_ana),
        ("settings_told", "user", "/settings/notifications/", {"told_of_likes": "x"}, as_ana),
        ("account_change_password", "user", "/accounts/password/change/", {}, as_ana),
        ("account_set_password", "user", "/accounts/password/set/", {}, as_ana),
        ("account_reauthenticate", "user", "/accounts/reauthenticate/", {}, as_ana),
        ("account_email", "user", "/accounts/email/", {}, as_ana),
        ("account_reset_password_from_key", "ip", "/accounts/password/reset/key/1-x/", {}, ""),
        ("admin:password_change", "user", "/admin/password_change/", {}, as_ana),
    ]
    assert {kind[0] for kind in kinds} == set(settings.RATE_LIMITS)
    for url, per, path, form, cookies in kinds:
        allowed = settings.RATE_LIMITS[url][per]
        if four_workers.cache and allowed > MAX_IN_REDIS:
            continue
        responses = send_at_once(allowed + REFUSED, four_workers, path, form, cookies)
        statuses = [response.status for response in responses]
        assert statuses.count(429) == REFUSED, (url, statuses)
        assert max(statuses) == 429, (url, statuses)


def test_a_forged_header_changes_no_count(
    server_environment: dict[str, str],
) -> None:
    allowed = settings.RATE_LIMITS["account_login"]["ip"]
    with serving(None, **server_environment, SITE_URL="https://127.0.0.1") as url:

        def sign_in(number: int) -> int:
            with closing(http.client.HTTPConnection(urlsplit(url).netloc)) as connection:
                connection.putrequest("POST", "/accounts/login/", skip_host=True)
                for line in (f"203.0.113.{number}", "198.51.100.1"):
                    connection.putheader("X-Forwarded-For", line)
                for name, value in {
                    "X-Forwarded-Proto": "https",
                    "Host": "127.0.0.1",
                    "Referer": "https://127.0.0.1/",
                    "Cookie": f"__Host-csrftoken={TOKEN}",
                    "X-CSRFToken": TOKEN,
                    "Content-Length": "0",
                }.items():
                    connection.putheader(name, value)
                connection.endheaders()
                return connection.getresponse().status

        statuses = [sign_in(number) for number in range(2 * allowed + 1)]
    # A minute may have ended in between.
    assert set(statuses) == {200, 429}


def test_only_five_of_many_passwords_sent_at_once_are_tried(
    four_workers: Site, person: Callable[..., User]
) -> None:
    person("eve", password=PASSWORD)
    form = {"login": "eve", "password": "wrong"}
    responses = send_at_once(9, four_workers, "/accounts/login/", form)
    tried = sum("Wrong username or password" in response.page for response in responses)
    refused = sum("Wait five minutes" in response.page for response in responses)
    assert (tried, refused) == (5, 4)


def test_too_many_previews_are_refused_in_place_or_on_a_page(
    page: Page,
    viewer: User,
    server_environment: dict[str, str],
    scripts: bool,
    expect_console_error: Callable[[str], None],
) -> None:
    allowed = settings.RATE_LIMITS["image_create"]["user"]
    with serving(None, **server_environment) as url:
        page.goto(f"{url}/images/add/")
        if scripts:
            mark(page)
        cookies = {each["name"]: each["value"] for each in page.context.cookies()}
        as_viewer = f"{settings.SESSION_COOKIE_NAME}={cookies[settings.SESSION_COOKIE_NAME]}"
        form = {"preview": "", "url": ""}
        for _ in range(5):
            send_at_once(allowed, Site(url), "/images/add/", form, as_viewer)
            with page.expect_response("**/images/add/") as response:
                page.get_by_role("button", name="Preview").click()
            # A minute may have ended in between.
            if response.value.status == 429:
                break
        alert = page.get_by_role("alert").filter(has_text="Too many attempts.")
        message = alert if scripts else page.get_by_role("heading", name="Too many attempts")
        expect(message).to_be_visible()
        assert not scripts or is_marked(page)
        assert 0 < int(response.value.headers["retry-after"]) <= 60
    expect_console_error("429")
