"""Without a back-forward cache, a list shows the same row at the same height as before."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import scripts_on
from e2e.feed import create_actions
from e2e.pages import is_marked, mark, scroll_until
from images.files import ImageFile
from images.models import Image
from images.sanitize import sanitize
from testing.actions import make_actions, save_actions
from testing.image_files import image_file
from testing.people import create_users

pytestmark = scripts_on

NARROW: Any = {"width": 400, "height": 700}
WIDE: Any = {"width": 1280, "height": 900}
SHAPES = [(60, 40), (40, 60), (90, 30), (50, 50)]
TOP_OF_ROW = "link => link.closest('article').getBoundingClientRect().top"
MIDDLE = "link => link.closest('li').scrollIntoView({block: 'center', behavior: 'instant'})"


@pytest.fixture(params=[NARROW, WIDE], ids=["narrow", "wide"])
def size(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def files() -> list[ImageFile]:
    return [ImageFile.objects.store(sanitize(image_file("teal", shape))) for shape in SHAPES]


@pytest.fixture
def images(followed_ben: User, files: list[ImageFile]) -> list[Image]:
    """Let Ben save 80 images of several shapes."""
    return [
        Image.objects.bookmark(followed_ben, files[number % 4], title=f"Image {number:02}")
        for number in range(80)
    ]


@pytest.fixture
def people(followed_ben: User) -> list[User]:
    """Create 80 people, and an entry of the feed about each."""
    people = create_users(80)
    # The follows of one day would be one entry.
    save_actions(make_actions(followed_ben, "is following", people), interval=timedelta(days=1))
    return people


def open_at(page: Page, path: str, name: str) -> Locator:
    """Open a list, and scroll until the row with a link is in the middle."""
    page.goto(path)
    link = page.locator("li h2, li p").get_by_role("link", name=name, exact=True).first
    more = page.locator("#images-more:not(:has(.pagination__ahead)) a")

    def is_there() -> int:
        if more.count() and not link.count():
            more.click()
        return link.count()

    scroll_until(page, is_there)
    page.wait_for_timeout(300)
    link.evaluate(MIDDLE)
    page.wait_for_timeout(300)
    mark(page)
    return link


def height_of(link: Locator) -> float:
    expect(link).to_be_in_viewport()
    return float(link.evaluate(TOP_OF_ROW))


def visit(page: Page, link: Locator) -> None:
    # Playwright may scroll before it clicks.
    href = link.evaluate("link => { link.click(); return link.href; }")
    page.wait_for_url(href)


def come_back(page: Page) -> None:
    """Go back to a page that the browser loads again."""
    page.go_back()
    assert not is_marked(page)


@pytest.mark.parametrize("path", ["/images/", "/people/ben/"])
def test_coming_back_to_images_shows_the_same_one_at_the_same_height(
    page: Page, images: list[Image], size: Any, path: str
) -> None:
    page.set_viewport_size(size)
    link = open_at(page, path, "Image 26")
    box: Any = link.bounding_box()
    for _ in range(2):
        visit(page, link)
        come_back(page)
        expect(link).to_be_in_viewport()
        again: Any = link.bounding_box()
        assert again == {name: pytest.approx(box[name], abs=1) for name in box}


@pytest.mark.parametrize("path", ["/people/", "/", "/stream/"])
def test_coming_back_to_people_shows_the_same_one_at_the_same_height(
    page: Page, people: list[User], size: Any, path: str
) -> None:
    page.set_viewport_size(size)
    link = open_at(page, path, "person20")
    height = height_of(link)
    visit(page, link)
    come_back(page)
    assert height_of(link) == pytest.approx(height, abs=1)


def test_a_like_meanwhile_is_shown(page: Page, images: list[Image]) -> None:
    link = open_at(page, "/images/", "Image 20")
    height = height_of(link)
    for action, other in (("Like", "Unlike"), ("Unlike", "Like")):
        visit(page, link)
        page.get_by_role("button", name=f"{action} Image 20", exact=True).click()
        pressed = page.get_by_role("button", name=f"{other} Image 20", exact=True)
        expect(pressed).to_be_visible()
        come_back(page)
        assert height_of(link) == pytest.approx(height, abs=1)
        expect(pressed).to_be_visible()


def test_newer_images_are_above_the_one_that_was_visited(
    page: Page, images: list[Image], files: list[ImageFile], ben: User
) -> None:
    link = open_at(page, "/images/", "Image 26")
    height = height_of(link)
    visit(page, link)
    for number in range(20):
        Image.objects.bookmark(ben, files[0], title=f"Newer {number}")
    come_back(page)
    assert height_of(link) == pytest.approx(height, abs=1)
    page.get_by_role("link", name="Newer images").click()
    expect(page.get_by_role("link", name="Image 33", exact=True)).to_be_visible()


def test_the_next_person_takes_the_place_of_a_deleted_one(page: Page, people: list[User]) -> None:
    link = open_at(page, "/people/", "person26")
    height = height_of(link)
    visit(page, link)
    people[26].delete()
    come_back(page)
    next_person = page.get_by_role("link", name="person25")
    assert height_of(next_person) == pytest.approx(height, abs=1)


def test_an_entry_that_newer_ones_moved_to_the_second_page_keeps_its_place(
    page: Page, people: list[User], followed_ben: User
) -> None:
    page.set_viewport_size(NARROW)
    link = open_at(page, "/", "person76")
    height = height_of(link)
    visit(page, link)
    create_actions(followed_ben, 12)
    come_back(page)
    assert height_of(link) == pytest.approx(height, abs=1)
    page.get_by_role("link", name="Back to the newest activity").click()
    expect(page.get_by_text("did thing number 11")).to_be_visible()


def test_the_top_of_a_list_shows_what_is_new(
    page: Page, images: list[Image], files: list[ImageFile], ben: User
) -> None:
    for path in ("/images/", "/"):
        page.goto(path)
        expect(page.locator("main li").first).to_be_visible()
        page.mouse.wheel(0, 60)
        page.wait_for_timeout(300)
        assert page.url.endswith(path)
        page.goto("/people/")
        new = Image.objects.bookmark(ben, files[0], title=f"New at {path}")
        page.go_back()
        expect(
            page.locator("main li").get_by_role("link", name=new.title).first
        ).to_be_in_viewport()


def test_a_reload_keeps_the_place(page: Page, people: list[User]) -> None:
    for path in ("/people/", "/"):
        link = open_at(page, path, "person20")
        height = height_of(link)
        page.reload()
        assert height_of(link) == pytest.approx(height, abs=1)
