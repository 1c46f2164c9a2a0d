"""Limits hold to one across workers, whatever counts for them, and are told in place."""

import http.client
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect
from redis import Redis

from e2e.conftest import is_marked, mark
from images.models import Image
from tools.servers.redis import redis
from tools.servers.site import serving
from web.models import RateLimit

AT_ONCE = 32
TOKEN = "a" * 32


@pytest.fixture(params=["database", "redis"])
def four_workers(
    request: pytest.FixtureRequest, environment: dict[str, str], settings: Any
) -> Iterator[str]:
    """Serve the site with four processes that count in one place, which the test may clear."""
    with ExitStack() as stack:
        in_redis = request.param == "redis"
        settings.CACHE_URL = stack.enter_context(redis()) if in_redis else ""
        more = {"CACHE_URL": settings.CACHE_URL, "GRANIAN_WORKERS": "4"}
        yield stack.enter_context(serving(None, **environment, **more))


def post(url: str, form: dict[str, str], cookies: str) -> int:
    """Post to the server over a connection of its own, and return the status."""
    return send(url, form, cookies)[0]


def send(url: str, form: dict[str, str], cookies: str) -> tuple[int, str]:
    """Post to the server over a connection of its own, and return the status and the page."""
    to = urlsplit(url)
    with closing(http.client.HTTPConnection(to.netloc, timeout=60)) as connection:
        headers = {
            "Cookie": f"csrftoken={TOKEN}; {cookies}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(form | {"csrfmiddlewaretoken": TOKEN})
        connection.request("POST", to.path, body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()


def forget_counts() -> None:
    RateLimit.objects.all().delete()
    if site.CACHE_URL:
        with Redis.from_url(site.CACHE_URL) as client:
            client.flushdb()


def post_at_once(times: int, *what: Any) -> list[int]:
    """Post many times within a minute; all of it once more where that ended meanwhile."""
    for _ in range(5):
        forget_counts()
        minute = int(time.time()) // 60
        with ThreadPoolExecutor(AT_ONCE) as pool:
            posts = [pool.submit(post, *what) for _ in range(times)]
        if int(time.time()) // 60 == minute:
            return [post.result() for post in posts]
    raise AssertionError("It took longer than a minute each time.")


def test_of_many_at_once_four_workers_admit_exactly_as_many_as_are_allowed(
    four_workers: str, person: Callable[..., User], bookmark: Callable[..., Image]
) -> None:
    ana, ben = person("ana"), person("ben")
    client = Client()
    client.force_login(ana)
    name = site.SESSION_COOKIE_NAME
    as_ana = f"{name}={client.cookies[name].value}"
    like = f"/images/{bookmark(ben, 'A bird').pk}/like/"
    kinds: list[tuple[str, str, str, dict[str, str], str]] = [
        ("account_login", "ip", "/accounts/login/", {"login": "ana"}, ""),
        ("account_signup", "ip", "/accounts/signup/", {"username": "cleo"}, ""),
        ("account_reset_password", "email", "/accounts/password/reset/", {"email": "a@b.org"}, ""),
        ("user_follow", "user", "/people/ben/follow/", {"action": "follow"}, as_ana),
        ("image_like", "user", like, {"action": "like"}, as_ana),
        ("image_create", "user", "/images/add/", {"preview": "", "url": ""}, as_ana),
        ("profile_edit", "user", "/profile/", {"first_name": "Ana"}, as_ana),
        ("account_change_password", "user", "/accounts/password/change/", {}, as_ana),
        ("account_set_password", "user", "/accounts/password/set/", {}, as_ana),
        ("account_reauthenticate", "user", "/accounts/reauthenticate/", {}, as_ana),
        ("account_email", "user", "/accounts/email/", {}, as_ana),
        ("account_reset_password_from_key", "ip", "/accounts/password/reset/key/1-x/", {}, ""),
        ("admin:password_change", "user", "/admin/password_change/", {}, as_ana),
    ]
    assert {kind[0] for kind in kinds} == set(site.RATE_LIMITS)
    for url, per, path, form, cookies in kinds:
        allowed = site.RATE_LIMITS[url][per]
        statuses = post_at_once(allowed + AT_ONCE, f"{four_workers}{path}", form, cookies)
        assert statuses.count(429) == AT_ONCE, (url, statuses)
        assert max(statuses) == 429, (url, statuses)


def test_a_header_that_was_forged_before_the_proxy_adds_its_own_changes_nothing(
    environment: dict[str, str],
) -> None:
    allowed = site.RATE_LIMITS["account_login"]["ip"]
    with serving(None, **environment, SITE_URL="https://127.0.0.1") as url:

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
    # A minute may have ended meanwhile.
    assert set(statuses) == {200, 429}


def test_of_many_passwords_at_once_five_are_tried(
    four_workers: str, person: Callable[..., User]
) -> None:
    person("eve", password="a-long-enough-one")
    form = {"login": "eve", "password": "wrong"}
    url = f"{four_workers}/accounts/login/"
    for _ in range(5):
        forget_counts()
        minute = int(time.time()) // 60
        with ThreadPoolExecutor(AT_ONCE) as pool:
            posts = [pool.submit(send, url, form, "") for _ in range(9)]
        if int(time.time()) // 60 == minute:
            break
    answers = [post.result()[1] for post in posts]
    tried = sum("do not belong together" in answer for answer in answers)
    closed = sum("Wait five minutes" in answer for answer in answers)
    assert (tried, closed) == (5, 4)


def test_who_looks_too_often_is_told_in_place_or_on_a_page(
    page: Page,
    ana: User,
    environment: dict[str, str],
    scripts: bool,
    expect_complaint: Callable[[str], None],
) -> None:
    allowed = site.RATE_LIMITS["image_create"]["user"]
    with serving(None, **environment) as url:
        page.goto(f"{url}/images/add/")
        if scripts:
            mark(page)
        said = page.get_by_role("alert").filter(has_text="Too many attempts.")
        told = said if scripts else page.get_by_role("heading", name="Too many attempts")
        for _ in range(2 * allowed):
            answers = page.expect_response(lambda answer: answer.url.endswith("/images/add/"))
            with answers as answer:
                page.get_by_role("button", name="Preview").click()
            if answer.value.status == 429:
                break
        expect(told).to_be_visible()
        assert not scripts or is_marked(page)
        assert 0 < int(answer.value.headers["retry-after"]) <= 60
    expect_complaint("429")
