"""Nothing visible moves by itself, however slowly images arrive."""

from collections.abc import Callable, Iterator
from random import Random

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, Route, expect

from e2e.conftest import scripts_on
from e2e.pages import loaded_width
from images.models import Image

type Bookmark = Callable[..., Image]
pytestmark = scripts_on

# Collects the elements that move without recent input.
OBSERVE = """
window.moved = [];
const record = entries => moved.push(...entries.filter(entry => !entry.hadRecentInput)
  .flatMap(({sources}) => sources.map(({node}) => node?.outerHTML ?? "not an element")));
window.observer = new PerformanceObserver(list => record(list.getEntries()));
window.movedSoFar = () => { record(observer.takeRecords()); return moved; };
observer.observe({type: "layout-shift", buffered: true});
"""
PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# The distance from the last tile of each row to the end of the row.
GAPS = """() => {
  const end = document.querySelector(".gallery").getBoundingClientRect().right;
  const tiles = [...document.querySelectorAll(".gallery > li, .gallery__reserved > span")];
  const boxes = tiles.map(tile => tile.getBoundingClientRect()).filter(box => box.width);
  const rows = Map.groupBy(boxes, box => Math.round(box.top));
  return [...rows.values()].map(row => Math.round(end - Math.max(...row.map(box => box.right))));
}"""


@pytest.fixture(params=[360, 768, 1280])
def watched(request: pytest.FixtureRequest, page: Page, viewer: User, bookmark: Bookmark) -> Page:
    """Return a page that records layout shifts. Ana has images of many shapes."""
    random = Random(2)
    for number in range(60):
        bookmark(viewer, f"Image {number}", size=(random.randint(40, 130), 60))
    page.set_viewport_size({"width": request.param, "height": 800})
    page.add_init_script(OBSERVE)
    return page


@pytest.fixture
def held(watched: Page) -> Iterator[list[Route]]:
    """Hold the requests for more images until `release_next` lets them through."""
    held: list[Route] = []
    watched.route("**/*before=*", lambda route: held.append(route))
    yield held
    assert held == []


def release_next(page: Page, held: list[Route]) -> None:
    while not held:
        page.evaluate(PAINTED)
    held.pop().continue_()


def moved(page: Page) -> list[str]:
    page.evaluate(PAINTED)
    sources: list[str] = page.evaluate("movedSoFar()")
    return sources


def test_nothing_is_painted_before_the_whole_page_has_arrived(watched: Page) -> None:
    # A slow phone might paint before it has read the whole page.
    watched.context.new_cdp_session(watched).send("Emulation.setCPUThrottlingRate", {"rate": 20})
    watched.add_init_script(
        "requestAnimationFrame(() => { window.isWhole = !!document.querySelector('#status') })"
    )
    watched.goto("/images/")
    assert moved(watched) == []
    assert watched.evaluate("isWhole")


def test_slow_images_move_nothing(watched: Page) -> None:
    held: list[Route] = []
    watched.route("**/media/**", lambda route: held.append(route))
    watched.goto("/images/", wait_until="domcontentloaded")
    end = watched.get_by_text("No more images.")
    while not end.is_visible():
        watched.evaluate("scrollBy(0, 0.7 * innerHeight)")
        watched.evaluate(PAINTED)
        while held:
            held.pop().continue_()
    expect(watched.locator("#images article")).to_have_count(60)
    assert moved(watched) == []


def test_loading_more_images_moves_nothing_while_the_last_row_is_visible(
    watched: Page, held: list[Route]
) -> None:
    watched.goto("/images/")
    articles = watched.locator("#images article")
    # First with the last image in view, then with the end of the list.
    for count, distance in (18, 0), (36, 10_000):
        expect(articles).to_have_count(count)
        articles.last.scroll_into_view_if_needed()
        watched.evaluate("distance => scrollBy(0, distance)", distance)
        assert set(watched.evaluate(GAPS)[:-1]) == {0}
        release_next(watched, held)
        expect(articles.nth(count)).to_be_attached()
        assert moved(watched) == []
    assert set(watched.evaluate(GAPS)[:-1]) == {0}


def test_loading_more_images_by_a_click_does_not_move_the_earlier_ones(
    watched: Page, held: list[Route]
) -> None:
    watched.goto("/people/ana/")
    articles = watched.locator("#images article")
    articles.last.scroll_into_view_if_needed()
    watched.get_by_role("link", name="More images").click()
    # Shifts within half a second of a click count as expected, so wait for longer.
    watched.wait_for_timeout(600)
    release_next(watched, held)
    expect(articles).to_have_count(24)
    # Sections below the images move down to make room.
    assert not [html for html in moved(watched) if not html.startswith("<section")]


def box_of(image: Locator) -> tuple[int, int, int, int]:
    box = image.bounding_box()
    assert box
    return round(box["x"]), round(box["y"]), round(box["width"]), round(box["height"])


def test_an_image_reserves_its_space_before_it_is_loaded(
    page: Page, viewer: User, bookmark: Bookmark
) -> None:
    for number in range(6):
        image = bookmark(viewer, f"Image {number}", size=(400 + 90 * number, 300))
    boxes: list[list[tuple[int, int, int, int]]] = []
    for url in ("/images/", image.get_absolute_url()) * 2:
        # On the first visit of each page, the image files never arrive.
        media = "**/media/**" if len(boxes) < 2 else "nowhere"
        page.route(media, lambda route: None)
        page.goto(url, wait_until="domcontentloaded")
        images = page.locator("main img[src*=images]")
        if media == "nowhere":
            assert loaded_width(page, "main img[src*=images]")
        boxes.append([box_of(image) for image in images.all()])
        page.unroute(media)
    assert boxes[:2] == boxes[2:]
