"""Every page works when htmx, or our own script, comes late or does not come at all."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, Route, expect

from e2e.conftest import is_marked, mark, scripts_on, seen_to_the_end
from e2e.test_feed import OLDER, do_things, things
from images.models import Image, Like
from people.models import Contact
from stream.models import Action

HTMX = "**/htmx-2*.js"
OURS = "**/js/site.*.js"

pytestmark = scripts_on


@pytest.fixture(autouse=True)
def no_motion(page: Page) -> None:
    """Requests that are held or dropped keep files out of the cache, and Chromium out of motion."""
    page.emulate_media(reduced_motion="reduce")


@pytest.fixture
def no_htmx(page: Page, expect_complaint: Callable[[str], None]) -> Iterator[None]:
    page.route(HTMX, lambda route: route.abort())
    yield
    expect_complaint("ERR_FAILED")


@pytest.fixture
def late_htmx(page: Page) -> list[Route]:
    return hold(page, HTMX)


def hold(page: Page, url: str) -> list[Route]:
    """Hold the requests back that go to `url`; returns what to let through."""
    held: list[Route] = []
    page.route(url, lambda route: held.append(route))
    return held


def let_through(held: list[Route]) -> None:
    while held:
        held.pop().continue_()


@pytest.mark.usefixtures("no_htmx")
def test_a_link_leads_to_the_feed_and_from_page_to_page(page: Page, ben: User) -> None:
    do_things(ben, 25)
    page.goto("/")
    page.get_by_role("link", name="See what people are doing").click()
    entries = page.locator("#feed article p:first-child")
    expect(entries).to_have_count(10)
    assert seen_to_the_end(page, entries, OLDER, scripts=False) == things(25)


@pytest.mark.usefixtures("no_htmx")
def test_a_link_leads_to_the_activity_of_a_person(page: Page, ben: User) -> None:
    do_things(ben, 1)
    page.goto("/people/ben/")
    page.get_by_role("link", name="See the activity").click()
    expect(page.locator("#feed article p:first-child")).to_have_text(things(1))


@pytest.mark.usefixtures("no_htmx")
def test_following_and_liking_are_plain_forms(
    page: Page, ana: User, person: Callable[..., User], bookmark: Callable[..., Image]
) -> None:
    cleo = person("cleo")
    bookmark(cleo, "A bird")
    page.goto("/people/")
    page.get_by_role("button", name="Follow Cleo", exact=True).click()
    expect(page.get_by_role("button", name="Unfollow Cleo")).to_be_visible()
    assert Contact.objects.get().user_to == cleo
    page.goto("/images/")
    page.get_by_role("button", name="Like A bird", exact=True).click()
    expect(page.get_by_role("button", name="Unlike A bird")).to_be_visible()
    assert Like.objects.get().user == ana


@pytest.mark.usefixtures("no_htmx")
def test_an_image_is_added_with_a_preview(page: Page, ana: User, web: str) -> None:
    page.goto("/images/add/")
    page.get_by_label("Address").fill(f"{web}/bird.jpg")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("img", name="Preview of the image")).to_be_visible()
    page.get_by_label("Title").fill("A bird")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="A bird")).to_be_visible()
    assert Image.objects.get().user == ana


def test_the_feed_comes_once_htmx_does(page: Page, ben: User, late_htmx: list[Route]) -> None:
    do_things(ben, 3)
    page.goto("/", wait_until="commit")
    expect(page.locator(".lazy-feed:not(.failed-list)")).to_be_visible()
    link = page.get_by_role("link", name="See what people are doing")
    expect(link).to_be_visible(timeout=10_000)
    let_through(late_htmx)
    expect(page.locator("#feed article p:first-child")).to_have_text(things(3))


def test_who_is_followed_before_htmx_comes_is_followed_once(
    page: Page, ana: User, person: Callable[..., User], late_htmx: list[Route]
) -> None:
    cleo = person("cleo")
    page.goto("/people/cleo/", wait_until="commit")
    page.get_by_role("button", name="Follow Cleo", exact=True).click()
    expect(page.get_by_role("button", name="Unfollow Cleo")).to_be_visible()
    assert Action.objects.of(ana, "is following", cleo).count() == 1
    let_through(late_htmx)
    mark(page)
    page.get_by_role("button", name="Unfollow Cleo").click()
    expect(page.get_by_role("button", name="Follow Cleo", exact=True)).to_be_visible()
    assert is_marked(page)
    assert not Contact.objects.exists()


def test_htmx_suffices_where_our_own_script_is_missing(
    page: Page, ben: User, person: Callable[..., User], expect_complaint: Callable[[str], None]
) -> None:
    person("cleo")
    do_things(ben, 15)
    page.route(OURS, lambda route: route.abort())
    page.goto("/")
    entries = page.locator("#feed article p:first-child")
    expect(entries).to_have_count(10)
    mark(page)
    page.get_by_role("link", name=OLDER).click()
    expect(entries).to_have_text(things(15))
    assert is_marked(page)
    page.goto("/people/")
    mark(page)
    page.get_by_role("button", name="Follow Cleo", exact=True).click()
    expect(page.get_by_role("button", name="Unfollow Cleo")).to_be_visible()
    assert is_marked(page)
    expect_complaint("ERR_FAILED")
