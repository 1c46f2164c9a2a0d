"""Every page works when htmx or site.js is late or missing."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from e2e.feed import OLDER, action_texts, create_actions
from e2e.held_requests import HeldRequests
from e2e.pages import is_marked, mark, read_whole_list
from images.models import Image, Like
from people.models import Contact
from stream.models import Action

HTMX = "**/htmx-2*.js"
SITE_JS = "**/js/site.*.js"

pytestmark = scripts_on


@pytest.fixture
def no_htmx(page: Page, expect_console_error: Callable[[str], None]) -> Iterator[None]:
    page.route(HTMX, lambda route: route.abort())
    yield
    expect_console_error("ERR_FAILED")


@pytest.fixture
def late_htmx(page: Page) -> HeldRequests:
    return HeldRequests(page, HTMX)


@pytest.mark.usefixtures("no_htmx")
def test_links_lead_to_the_feed_and_from_page_to_page(page: Page, followed_ben: User) -> None:
    create_actions(followed_ben, 25)
    page.goto("/")
    page.get_by_role("link", name="See what people are doing").click()
    entries = page.locator("#feed article p:first-child")
    expect(entries).to_have_count(10)
    assert read_whole_list(page, entries, OLDER, scripts=False) == action_texts(25)


@pytest.mark.usefixtures("no_htmx")
def test_a_link_leads_to_a_persons_activity(page: Page, followed_ben: User) -> None:
    create_actions(followed_ben, 6)
    page.goto("/people/ben/")
    page.get_by_role("link", name="See all activity").click()
    expect(page.locator("#feed article p:first-child")).to_have_text(action_texts(6))


@pytest.mark.usefixtures("no_htmx")
def test_following_and_liking_are_plain_forms(
    page: Page, viewer: User, cleo: User, bookmark: Callable[..., Image]
) -> None:
    bookmark(cleo, "A bird")
    page.goto("/people/")
    page.get_by_role("button", name="Follow cleo", exact=True).click()
    expect(page.get_by_role("button", name="Unfollow cleo")).to_be_visible()
    assert Contact.objects.get().user_to == cleo
    page.goto("/images/")
    page.get_by_role("button", name="Like A bird", exact=True).click()
    expect(page.get_by_role("button", name="Unlike A bird")).to_be_visible()
    assert Like.objects.get().user == viewer


@pytest.mark.usefixtures("no_htmx")
def test_an_image_is_saved_with_a_preview(page: Page, viewer: User, web: str) -> None:
    page.goto("/images/add/")
    page.get_by_label("Address").fill(f"{web}/bird.jpg")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("img", name="Preview of the image")).to_be_visible()
    page.get_by_label("Title").fill("A bird")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="A bird")).to_be_visible()
    assert Image.objects.get().user == viewer


def test_the_feed_loads_once_htmx_has_arrived(
    page: Page, followed_ben: User, late_htmx: HeldRequests
) -> None:
    create_actions(followed_ben, 3)
    page.goto("/", wait_until="commit")
    expect(page.locator(".lazy-feed:not(.failed-list)")).to_be_visible()
    link = page.get_by_role("link", name="See what people are doing")
    expect(link).to_be_visible(timeout=10_000)
    late_htmx.let_through()
    expect(page.locator("#feed article p:first-child")).to_have_text(action_texts(3))


def test_clicking_before_htmx_has_arrived_follows_once(
    page: Page, viewer: User, cleo: User, late_htmx: HeldRequests
) -> None:
    page.goto("/people/cleo/", wait_until="commit")
    page.get_by_role("button", name="Follow cleo", exact=True).click()
    expect(page.get_by_role("button", name="Unfollow cleo")).to_be_visible()
    assert Action.objects.of(viewer, "is following", cleo).count() == 1
    late_htmx.let_through()
    mark(page)
    page.get_by_role("button", name="Unfollow cleo").click()
    expect(page.get_by_role("button", name="Follow cleo", exact=True)).to_be_visible()
    assert is_marked(page)
    assert not Contact.objects.exists()


def test_htmx_works_without_site_js(
    page: Page, followed_ben: User, cleo: User, expect_console_error: Callable[[str], None]
) -> None:
    create_actions(followed_ben, 15)
    page.route(SITE_JS, lambda route: route.abort())
    page.goto("/")
    entries = page.locator("#feed article p:first-child")
    expect(entries).to_have_count(10)
    mark(page)
    page.get_by_role("link", name=OLDER).click()
    expect(entries).to_have_text(action_texts(15))
    assert is_marked(page)
    page.goto("/people/")
    mark(page)
    page.get_by_role("button", name="Follow cleo", exact=True).click()
    expect(page.get_by_role("button", name="Unfollow cleo")).to_be_visible()
    assert is_marked(page)
    expect_console_error("ERR_FAILED")
