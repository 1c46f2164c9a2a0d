"""With a replica, viewers see at once what they changed, and others once the replica has it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3
from playwright.sync_api import Page, expect

from e2e.replicated import ReplicatedSite, position_in, replicated_site
from testing.fixtures.people import PASSWORD

pytestmark = pytest.mark.postgresql

MADE_UP = [
    "FFFFFFFF/FFFFFFFF",
    "unknown",
    "0",
    "0/",
    "0/123456789",
    "'0/0'",
    "0/0'::pg_lsn OR true --",
    "'); DROP TABLE auth_user CASCADE --",
    "0" * 3000,
]


@pytest.fixture(scope="module")
def site(
    server_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ReplicatedSite]:
    folder = tmp_path_factory.mktemp("replicated")
    with replicated_site(folder, server_environment | {"CACHE_URL": "dummycache://"}) as site:
        yield site


@pytest.fixture
def browser_context_args(site: ReplicatedSite, scripts: bool) -> dict[str, Any]:
    return {"base_url": site.url, "java_script_enabled": scripts}


def test_a_follow_is_on_the_next_page(page: Page, site: ReplicatedSite) -> None:
    cookie: Any = {"name": "sessionid", "value": site.sessions["ana"], "url": site.url}
    page.context.add_cookies([cookie])
    page.goto("/people/cleo/")
    with site.paused():
        page.get_by_role("button", name="Follow cleo", exact=True).click()
        expect(page.get_by_role("button", name="Unfollow cleo")).to_be_visible()
        page.goto("/people/cleo/")
        expect(page.get_by_role("button", name="Unfollow cleo")).to_be_visible()
        expect(page.get_by_text("2 followers")).to_be_visible()
        assert site.followers_of("cleo", "ben") == 1
    assert site.followers_of("cleo", "ben") == 2
    page.get_by_role("button", name="Unfollow cleo").click()
    expect(page.get_by_text("1 follower", exact=True)).to_be_visible()


def test_someone_who_signs_up_or_signs_in_is_signed_in_on_the_next_page(
    page: Page, site: ReplicatedSite, scripts: bool
) -> None:
    name = f"dora{scripts:d}"
    with site.paused():
        page.goto("/accounts/signup/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Email").fill(f"{name}@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password (again)").fill(PASSWORD)
        page.get_by_role("button", name="Sign up").click()
        page.goto(f"/people/{name}/")
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        assert site.send("ben", f"/people/{name}/").status == 404
    page.context.clear_cookies()
    with site.paused():
        page.goto(f"/accounts/login/?next=/people/{name}/")
        page.get_by_label("Username or email").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        page.goto("/settings/")
        expect(page).to_have_url(f"{site.url}/settings/")


def test_a_viewer_reads_from_the_replica_again_when_it_has_the_change(site: ReplicatedSite) -> None:
    with site.paused():
        position = site.follow("ana", "cleo")
        assert site.followers_of("cleo", "ana", position) == 2
        assert site.followers_of("cleo", "ana") == 1
    with site.paused():
        site.follow("ana", "cleo", "unfollow")
        assert site.followers_of("cleo", "ana", position) == 2
    assert site.followers_of("cleo", "ana", position) == 1


def test_a_page_that_writes_also_sets_the_position(site: ReplicatedSite) -> None:
    told = re.compile('id="unseen"\\s*>1<')
    assert told.search(site.get("ana", "/people/"))
    with site.paused():
        response = site.send("ana", "/notifications/")
        position = position_in(response)
        assert "private" in response.headers["Cache-Control"]
        assert not told.search(response.data.decode())
        assert not told.search(site.get("ana", "/people/", position))
        assert told.search(site.get("ana", "/people/"))


def test_a_page_that_writes_nothing_sets_no_position(site: ReplicatedSite) -> None:
    for path in ("/", "/people/", "/accounts/login/", "/media/nowhere.webp", "/healthz"):
        assert not position_in(site.send("ana", path, position="0/1"))
        assert not position_in(urllib3.request("GET", site.url + path))


def test_with_a_made_up_position_a_viewer_reads_from_the_primary(site: ReplicatedSite) -> None:
    with site.paused():
        site.follow("ana", "cleo")
        assert site.followers_of("cleo", "ben", "0/0") == 1
        for position in MADE_UP:
            assert site.followers_of("cleo", "ben", position) == 2, position
