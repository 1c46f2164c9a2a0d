"""Only clicked or newly arrived elements move, and none with reduced motion."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import moving, scripts_on
from e2e.feed import create_actions
from images.models import Image
from images.sanitize import sanitize
from testing.image_files import animated_gif

pytestmark = [scripts_on, moving]

# Records the animations that run in the page, except those without a duration and `appear`, which
# moves nothing: it shows a link if a script is late.
RECORD = """
for (const name of ["animationstart", "transitionrun"])
  addEventListener(name, ({ target, pseudoElement, animationName, propertyName }) => {
    const { animationDuration } = getComputedStyle(target, pseudoElement || null);
    if (animationName == "appear" || (animationName && animationDuration == "0s")) return;
    document.documentElement.dataset.moved += ` ${animationName ?? propertyName}`;
  }, true);
"""
MOVED = """[
  document.documentElement.dataset.moved ?? [],
  document.getAnimations().map(({ animationName }) => animationName ?? "a transition"),
].flat().filter((name) => name != "appear")"""


@pytest.fixture
def recording(page: Page) -> Page:
    page.add_init_script(RECORD)
    page.clock.install()
    return page


def expect_moved(page: Page, name: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-moved", re.compile(rf"\b{name}\b"))


def expect_not_moved(page: Page, name: str) -> None:
    expect(page.locator("html")).not_to_have_attribute("data-moved", re.compile(rf"\b{name}\b"))


def show_new_activity(page: Page, ben: User) -> None:
    """Open the dashboard, create an action, and click the link that announces it."""
    create_actions(ben, 1)
    page.goto("/")
    expect(page.locator("#feed article")).to_have_count(1)
    create_actions(ben, 1, begin=1)
    page.clock.fast_forward(31_000)
    page.get_by_role("link", name="1 new action").click()
    expect(page.get_by_text("thing number 01")).to_be_visible()


def test_only_a_heart_that_was_clicked_beats(
    recording: Page, viewer: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(viewer, "A bird")
    page = recording
    for address in ("/images/", image.get_absolute_url()):
        page.goto(address)
        page.get_by_role("button", name="Like A bird", exact=True).click()
        expect_moved(page, "heartbeat")
        page.reload()
        button = page.get_by_role("button", name="Unlike A bird")
        expect(button).to_be_visible()
        button.click()
        expect(page.get_by_role("button", name="Like A bird", exact=True)).to_be_visible()
        expect_not_moved(page, "heartbeat")


def test_only_new_entries_move(recording: Page, followed_ben: User) -> None:
    page = recording
    page.set_viewport_size({"width": 600, "height": 400})
    create_actions(followed_ben, 12)
    page.goto("/")
    expect(page.locator("#feed article").first).to_be_visible()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#feed article")).to_have_count(12)
    expect_not_moved(page, "new-entry")
    create_actions(followed_ben, 1, begin=12)
    page.clock.fast_forward(31_000)
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("link", name="1 new action").click()
    expect_moved(page, "new-entry")


def test_nothing_moves_with_reduced_motion(
    recording: Page, viewer: User, followed_ben: User, bookmark: Callable[..., Image]
) -> None:
    page = recording
    page.emulate_media(reduced_motion="reduce")
    image = bookmark(followed_ben, "A bird")
    for address in ("/images/", image.get_absolute_url()):
        page.goto(address)
        page.get_by_role("button", name="Like A bird", exact=True).click()
        page.get_by_role("button", name="Unlike A bird").click()
        expect(page.get_by_role("button", name="Like A bird", exact=True)).to_be_visible()
        assert page.evaluate(MOVED) == []
        expect(page.locator("html")).to_have_css("scroll-behavior", "auto")
    Image.objects.all().delete()
    show_new_activity(page, followed_ben)
    assert page.evaluate(MOVED) == []
    page.route("**/stream/", lambda route: None)
    page.goto("/")
    expect(page.locator(".lazy-feed:not(.failed-list)")).to_be_visible()
    assert page.evaluate(MOVED) == []


@pytest.mark.parametrize("reduced", [True, False])
def test_an_animated_image_stands_still_with_reduced_motion(
    page: Page, viewer: User, reduced: bool
) -> None:
    page.emulate_media(reduced_motion="reduce" if reduced else "no-preference")
    image = Image.objects.bookmark(viewer, sanitize(animated_gif()), title="A bird")
    page.goto(image.get_absolute_url())
    shown = page.get_by_role("img", name="A bird").evaluate(
        "image => image.decode().then(() => image.currentSrc)"
    )
    assert shown.endswith(image.image.url) is not reduced
