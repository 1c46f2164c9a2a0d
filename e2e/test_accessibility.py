"""axe-core finds nothing to complain of, on any page, in either colour scheme."""

from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import PASSWORD, scripts_on
from images.models import Image
from people.models import Contact

PUBLIC = [
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-x/",
    "/accounts/inactive/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/x/",
]
PRIVATE = [
    "/",
    "/stream/",
    "/people/",
    "/people/ben/",
    "/people/ana/",
    "/people/ben/activity/",
    "/people/ben/followers/",
    "/people/ben/following/",
    "/profile/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/images/",
    "/images/add/",
    "/images/bookmarklet/",
    "image",
    "image/edit",
    "image/delete",
    "image/likes",
]
COLOUR_SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]

pytestmark = scripts_on


@pytest.fixture
def crowd(person: Callable[..., User], bookmark: Callable[..., Image]) -> User:
    ana, ben, cleo = (
        person(name, email=f"{name}@example.org", password=PASSWORD)
        for name in ("ana", "ben", "cleo")
    )
    Contact.objects.follow(ana, ben)
    Contact.objects.follow(ben, cleo)
    bookmark(ana, "A bird").like(ben)
    return ana


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("colour_scheme", COLOUR_SCHEMES)
@pytest.mark.parametrize("url", PUBLIC)
def test_pages_for_everybody(page: Page, url: str, colour_scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=colour_scheme, reduced_motion="reduce")
    page.goto(url)
    assert violations(page) == []


@pytest.mark.parametrize("colour_scheme", COLOUR_SCHEMES)
@pytest.mark.parametrize("url", PRIVATE)
def test_pages_for_people_who_are_signed_in(
    page: Page,
    crowd: User,
    sign_in: Callable[[User], None],
    url: str,
    colour_scheme: Literal["light", "dark"],
) -> None:
    sign_in(crowd)
    image = Image.objects.get()
    url = f"/images/{image.pk}{url.removeprefix('image')}/" if url.startswith("image") else url
    page.emulate_media(color_scheme=colour_scheme, reduced_motion="reduce")
    page.goto(url)
    if url == "/":
        expect(page.locator("#feed article")).to_have_count(2)
    page.get_by_role("button", name="Ana").first.click()
    assert violations(page) == []


@pytest.mark.parametrize("colour_scheme", COLOUR_SCHEMES)
def test_after_a_swap_with_errors_and_with_a_message(
    page: Page,
    crowd: User,
    sign_in: Callable[[User], None],
    person: Callable[..., User],
    colour_scheme: Literal["light", "dark"],
    expect_complaint: Callable[[str], None],
) -> None:
    for number in range(30):
        person(f"person{number}")
    sign_in(crowd)
    page.emulate_media(color_scheme=colour_scheme, reduced_motion="reduce")
    page.goto("/people/")
    page.get_by_role("button", name="Follow Person29", exact=True).click()
    expect(page.get_by_role("button", name="Unfollow Person29")).to_be_visible()
    expect(page.get_by_role("link", name="More people")).to_be_visible()
    assert violations(page) == []
    page.goto("/profile/")
    page.get_by_label("Date of birth").fill("0999-01-01")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Check the year of this date.")).to_be_visible()
    assert violations(page) == []
    expect_complaint("422")
    page.get_by_label("Date of birth").fill("1990-01-01")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("colour_scheme", COLOUR_SCHEMES)
def test_every_state_of_the_feed(
    page: Page,
    crowd: User,
    sign_in: Callable[[User], None],
    bookmark: Callable[..., Image],
    colour_scheme: Literal["light", "dark"],
    expect_complaint: Callable[[str], None],
) -> None:
    sign_in(crowd)
    page.emulate_media(color_scheme=colour_scheme, reduced_motion="reduce")
    page.clock.install()
    page.route("**/stream/", lambda route: None)
    page.goto("/")
    expect(page.locator(".skeleton")).to_be_visible()
    assert violations(page) == []
    page.unroute("**/stream/")
    page.route("**/stream/", lambda route: route.fulfill(status=503))
    page.goto("/")
    expect(page.get_by_text("The activity did not load.")).to_be_visible()
    assert violations(page) == []
    expect_complaint("503")
    page.unroute("**/stream/")
    page.get_by_role("link", name="Try again").click()
    expect(page.locator("#feed article")).to_have_count(2)
    ben = User.objects.get(username="ben")
    for number in range(3):
        bookmark(ben, f"Image {number}")
    page.clock.fast_forward(31_000)
    expect(page.get_by_role("link", name="3 new activities")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="3 new activities").click()
    expect(page.get_by_text("bookmarked 3 images")).to_be_visible()
    assert violations(page) == []
    Contact.objects.unfollow(crowd, ben)
    page.goto("/")
    expect(page.get_by_role("heading", name="People to follow")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("colour_scheme", COLOUR_SCHEMES)
def test_pages_that_say_no(
    page: Page,
    crowd: User,
    sign_in: Callable[[User], None],
    colour_scheme: Literal["light", "dark"],
    expect_complaint: Callable[[str], None],
) -> None:
    page.emulate_media(color_scheme=colour_scheme, reduced_motion="reduce")
    page.goto("/accounts/login/")
    page.get_by_label("Username or email").fill("ana")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("do not belong together")).to_be_visible()
    assert violations(page) == []
    sign_in(crowd)
    for url, status in (("/nowhere/", "404"), ("/stream/?before=x", "400")):
        page.goto(url)
        assert violations(page) == []
        expect_complaint(status)
