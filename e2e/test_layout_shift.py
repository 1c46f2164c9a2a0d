"""Nothing in sight moves by itself, however slowly images arrive."""

from collections.abc import Callable, Iterator
from random import Random

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, Route, expect

from e2e.conftest import scripts_on
from images.models import Image

type Bookmark = Callable[..., Image]
pytestmark = scripts_on

# What moved although nobody had just pressed anything.
OBSERVE = """
window.moved = [];
const keep = entries => moved.push(...entries.filter(entry => !entry.hadRecentInput)
  .flatMap(({sources}) => sources.map(({node}) => node?.outerHTML ?? "what is no element")));
window.observer = new PerformanceObserver(list => keep(list.getEntries()));
window.movedSoFar = () => { keep(observer.takeRecords()); return moved; };
observer.observe({type: "layout-shift", buffered: true});
"""
PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Of each row, how far its last tile is from the end of it.
GAPS = """() => {
  const end = document.querySelector(".gallery").getBoundingClientRect().right;
  const tiles = [...document.querySelectorAll(".gallery > li, .gallery__reserved > span")];
  const boxes = tiles.map(tile => tile.getBoundingClientRect()).filter(box => box.width);
  const rows = Map.groupBy(boxes, box => Math.round(box.top));
  return [...rows.values()].map(row => Math.round(end - Math.max(...row.map(box => box.right))));
}"""


@pytest.fixture(params=[360, 768, 1280])
def watched(request: pytest.FixtureRequest, page: Page, viewer: User, bookmark: Bookmark) -> Page:
    """A page that observes its layout, in which Ana has images of many shapes."""
    random = Random(2)
    for number in range(60):
        bookmark(viewer, f"Image {number}", size=(random.randint(40, 130), 60))
    page.set_viewport_size({"width": request.param, "height": 800})
    page.emulate_media(reduced_motion="reduce")
    page.add_init_script(OBSERVE)
    return page


@pytest.fixture
def held(watched: Page) -> Iterator[list[Route]]:
    """The requests for more images, which wait until they are let go."""
    held: list[Route] = []
    watched.route("**/*before=*", lambda route: held.append(route))
    yield held
    assert held == []


def let_go(page: Page, held: list[Route]) -> None:
    while not held:
        page.evaluate(PAINTED)
    held.pop().continue_()


def moved(page: Page) -> list[str]:
    page.evaluate(PAINTED)
    sources: list[str] = page.evaluate("movedSoFar()")
    return sources


def test_nothing_is_painted_before_the_whole_page_has_arrived(watched: Page) -> None:
    # As on a slow phone, which may come to paint while it still reads.
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


def test_loading_more_images_moves_nothing_while_the_last_row_is_in_sight(
    watched: Page, held: list[Route]
) -> None:
    watched.goto("/images/")
    articles = watched.locator("#images article")
    # Once with the last image in sight, and once with the end of the list.
    for count, further in (18, 0), (36, 10_000):
        expect(articles).to_have_count(count)
        articles.last.scroll_into_view_if_needed()
        watched.evaluate("further => scrollBy(0, further)", further)
        assert set(watched.evaluate(GAPS)[:-1]) == {0}
        let_go(watched, held)
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
    # What moves within half a second is the answer to the press.
    watched.wait_for_timeout(600)
    let_go(watched, held)
    expect(articles).to_have_count(24)
    # What stands below the images has to make room.
    assert not [what for what in moved(watched) if not what.startswith("<section")]
