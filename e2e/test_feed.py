"""The feed on the dashboard loads, and continues to its end."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, Route, expect

from e2e.conftest import scripts_on
from e2e.feed import OLDER, action_texts, create_actions
from e2e.pages import is_marked, mark, read_whole_list
from images.models import Image
from people.models import Contact
from testing.people import count_image

Person = Callable[..., User]


@pytest.fixture
def open_feed(page: Page) -> Callable[[], Locator]:
    """Return a function that opens the feed, and returns the texts of its entries."""

    def open_feed() -> Locator:
        page.goto("/")
        entries = page.locator("#feed article p:first-child")
        expect(entries.first).to_be_visible()
        return entries

    return open_feed


def test_the_feed_loads_and_drops_actions_that_were_undone(
    page: Page, followed_ben: User, cleo: User, open_feed: Callable[[], Locator]
) -> None:
    create_actions(followed_ben, 1)
    Contact.objects.follow(followed_ben, cleo)
    entries = open_feed()
    expect(entries).to_have_text(["Ben Okafor is following cleo", "Ben Okafor did thing number 00"])
    expect(page.get_by_text("No older activity.")).to_be_visible()
    Contact.objects.unfollow(followed_ben, cleo)
    expect(open_feed()).to_have_text(["Ben Okafor did thing number 00"])


def test_saves_and_likes_of_the_same_images_are_one_entry_with_these(
    page: Page, followed_ben: User, bookmark: Callable[..., Image], open_feed: Callable[[], Locator]
) -> None:
    images = [bookmark(followed_ben, f"Image {number}") for number in range(5)]
    for image in images:
        image.like(followed_ben)
    open_feed()
    acts = page.locator("#feed .entry__text p:not(.quiet-text)")
    expect(acts).to_have_text(["Ben Okafor likes 5 images", "Ben Okafor saved 5 images"])
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_role("article").first.get_by_role("link", name="Image 3").click()
    expect(page.get_by_role("heading", name="Image 3")).to_be_visible()
    images[3].unlike(followed_ben)
    expect(open_feed().first).to_have_text("Ben Okafor likes 4 images")


@pytest.mark.parametrize("while_others_write", [False, True])
def test_each_of_35_actions_is_shown_once(
    page: Page,
    followed_ben: User,
    open_feed: Callable[[], Locator],
    scripts: bool,
    while_others_write: bool,
) -> None:
    create_actions(followed_ben, 35)
    page.set_viewport_size({"width": 500, "height": 500})
    entries = open_feed()
    if scripts:
        mark(page)
    if while_others_write:
        create_actions(followed_ben, 5, begin=35)
    assert read_whole_list(page, entries, OLDER, scripts) == action_texts(35)
    expect(page.get_by_text("No older activity.")).to_be_visible()
    if scripts:
        assert is_marked(page)


def test_without_following_anyone_the_feed_shows_everyone_and_suggestions(
    page: Page, viewer: User, ben: User, cleo: User, open_feed: Callable[[], Locator], scripts: bool
) -> None:
    Contact.objects.follow(ben, cleo)
    count_image(cleo)
    create_actions(cleo, 1)
    entries = open_feed()
    expect(entries).to_have_text(["cleo did thing number 00", "Ben Okafor is following cleo"])
    expect(page.get_by_text("You are not following anyone yet")).to_be_visible()
    suggestions = page.get_by_role("region", name="People to follow")
    if scripts:
        mark(page)
    suggestions.get_by_role("button", name="Follow cleo", exact=True).click()
    if scripts:
        expect(suggestions.get_by_role("button", name="Unfollow cleo")).to_be_focused()
        expect(suggestions.get_by_text("2 followers")).to_be_visible()
        assert is_marked(page)
        page.reload()
    assert Contact.objects.filter(user_from=viewer, user_to=cleo).exists()
    expect(entries).to_have_text(["cleo did thing number 00"])
    expect(page.get_by_text("You are not following anyone yet")).to_have_count(0)


def test_a_profile_shows_the_activity_of_its_person(
    page: Page, followed_ben: User, bookmark: Callable[..., Image], scripts: bool
) -> None:
    for number in range(12):
        bookmark(followed_ben, f"Image {number}", size=(60, 60))
    create_actions(followed_ben, 25)
    page.goto("/people/ben/")
    entries = page.locator("#feed article p:first-child")
    expect(entries).to_have_text(action_texts(25)[:5])
    page.get_by_role("link", name="See all activity").click()
    expect(entries).to_have_count(10)
    expect(entries.first).to_have_text("Ben Okafor did thing number 24")
    assert read_whole_list(page, entries, OLDER, scripts) == [
        *action_texts(25),
        "Ben Okafor saved 12 images",
    ]


@scripts_on
def test_a_feed_that_failed_to_load_shows_a_message_and_can_be_loaded_again(
    page: Page, followed_ben: User, expect_console_error: Callable[[str], None]
) -> None:
    create_actions(followed_ben, 12)
    page.set_viewport_size({"width": 500, "height": 500})
    for url, count in (("**/stream/", 10), ("**/stream/?before=*", 12)):
        page.route(url, lambda route: route.fulfill(status=503))
        if count == 10:
            page.goto("/")
        else:
            page.get_by_role("link", name=OLDER).scroll_into_view_if_needed()
        expect(page.locator("#feed").get_by_role("alert")).to_contain_text("did not load.")
        expect(page.locator(".lazy-feed:not(.failed-list)")).to_be_hidden()
        page.get_by_role("link", name="Try again").click()
        page.wait_for_timeout(200)
        expect_console_error("503")
        page.unroute(url)
        page.get_by_role("link", name="Try again").click()
        expect(page.locator("#feed article")).to_have_count(count)
        expect(page.locator("#feed article").nth(0 if count == 10 else 10)).to_be_focused()
        expect(page.locator("#feed").get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)


@scripts_on
def test_nothing_moves_while_the_feed_loads(page: Page, followed_ben: User, person: Person) -> None:
    for number in range(15):
        Contact.objects.follow(followed_ben, person(f"person{number:02}"))
        create_actions(followed_ben, 1, begin=number)
    page.add_init_script(
        """window.shifts = [];
        new PerformanceObserver((list) => {
          for (const { hadRecentInput, value } of list.getEntries())
            if (!hadRecentInput) shifts.push(value);
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    held: list[Route] = []
    page.route("**/stream/", lambda route: held.append(route))
    page.goto("/")
    expect(page.locator(".lazy-feed:not(.failed-list)")).to_be_visible()
    page.wait_for_timeout(300)
    held[0].continue_()
    expect(page.locator("#feed article")).to_have_count(10)
    page.wait_for_timeout(300)
    assert page.evaluate("shifts") == []


@scripts_on
def test_a_ctrl_click_opens_the_next_page_in_a_new_tab(page: Page, followed_ben: User) -> None:
    create_actions(followed_ben, 15)
    page.set_viewport_size({"width": 800, "height": 300})
    page.goto("/stream/")
    with page.context.expect_page() as tab:
        # A real click would scroll to the link, which loads the entries here.
        page.get_by_role("link", name=OLDER).dispatch_event("click", {"ctrlKey": True})
    expect(tab.value.locator("#feed article")).to_have_count(5)
    expect(page.locator("#feed article")).to_have_count(10)
