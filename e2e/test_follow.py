"""Following and unfollowing people."""

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from e2e.pages import is_marked, mark, open_home
from people.models import Contact
from stream.models import Action


def test_finding_following_and_unfollowing_a_person(
    page: Page, viewer: User, ben: User, scripts: bool
) -> None:
    open_home(page)
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Ben Okafor").click()
    expect(page.get_by_text("0 followers")).to_be_visible()
    if scripts:
        mark(page)
    page.get_by_role("button", name="Follow Ben Okafor", exact=True).click()
    expect(page.get_by_role("button", name="Unfollow Ben Okafor")).to_be_visible()
    expect(page.get_by_text("1 follower", exact=True)).to_be_visible()
    assert Contact.objects.filter(user_from=viewer, user_to=ben).count() == 1
    assert Action.objects.of(viewer, "is following", ben).count() == 1
    page.get_by_role("button", name="Unfollow Ben Okafor").click()
    expect(page.get_by_role("button", name="Follow Ben Okafor", exact=True)).to_be_visible()
    expect(page.get_by_text("0 followers")).to_be_visible()
    assert not Contact.objects.exists()
    assert not Action.objects.exists()
    if scripts:
        assert is_marked(page)


def test_following_from_the_list_changes_the_count_of_the_same_card(
    page: Page, viewer: User, ben: User, scripts: bool
) -> None:
    page.goto("/people/")
    if scripts:
        mark(page)
    card = page.get_by_role("article").filter(has_text="Ben Okafor")
    card.get_by_role("button", name="Follow Ben Okafor", exact=True).click()
    expect(card.get_by_role("button", name="Unfollow Ben Okafor")).to_be_visible()
    expect(card.get_by_text("1 follower", exact=True)).to_be_visible()
    assert page.url.split("#")[0].endswith("/people/")
    assert Contact.objects.get().user_to == ben
    if scripts:
        assert is_marked(page)


def test_followed_people_are_in_the_lists(page: Page, viewer: User, ben: User) -> None:
    page.goto("/people/ben/")
    page.get_by_role("button", name="Follow Ben Okafor", exact=True).click()
    expect(page.get_by_role("button", name="Unfollow Ben Okafor")).to_be_visible()
    page.get_by_role("link", name="1 follower").click()
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("article")).to_contain_text("Ana")
    page.goto("/people/ana/following/")
    page.get_by_role("button", name="Unfollow Ben Okafor").click()
    expect(
        page.get_by_role("button", name="Follow Ben Okafor", exact=True).or_(
            page.get_by_text("You are not following anyone yet.")
        )
    ).to_be_visible()
    assert not Contact.objects.exists()


def test_after_the_session_has_ended_signing_in_leads_back(
    page: Page, viewer: User, ben: User, scripts: bool
) -> None:
    page.goto("/people/ben/")
    if scripts:
        expect(page.get_by_text("No activity yet.")).to_be_visible()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Follow Ben Okafor", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.url.endswith("/accounts/login/?next=/people/ben/")
    assert not Contact.objects.exists()


@scripts_on
def test_focus_stays_on_the_button(page: Page, viewer: User, ben: User) -> None:
    page.goto("/people/ben/")
    page.get_by_role("button", name="Follow Ben Okafor", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Unfollow Ben Okafor")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Follow Ben Okafor", exact=True)).to_be_focused()


@scripts_on
def test_a_double_click_follows_once(page: Page, viewer: User, ben: User) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.method))
    page.goto("/people/ben/")
    page.get_by_role("button", name="Follow Ben Okafor", exact=True).dblclick()
    expect(page.get_by_role("button", name="Unfollow Ben Okafor")).to_be_visible()
    assert requests.count("POST") == 1
    assert Contact.objects.count() == 1


def test_the_keyboard_is_enough_to_follow(page: Page, viewer: User, ben: User) -> None:
    page.goto("/people/")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.locator("button:focus", has_text="Follow").count():
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Unfollow Ben Okafor")).to_be_visible()
    assert Contact.objects.get().user_to == ben


@scripts_on
def test_a_refused_click_says_so(
    page: Page, viewer: User, ben: User, expect_console_error: Callable[[str], None]
) -> None:
    page.goto("/people/ben/")
    User.objects.filter(pk=ben.pk).update(is_active=False)
    page.get_by_role("button", name="Follow Ben Okafor", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="That did not work.")).to_be_visible()
    expect_console_error("404")
