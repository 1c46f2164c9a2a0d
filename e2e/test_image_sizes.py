"""Browsers get images as large as the screen shows them, and those in sight first."""

from collections.abc import Callable, Iterator

from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect

from e2e.conftest import scripts_on
from images.models import Image

type Bookmark = Callable[..., Image]
type NewContext = Callable[..., BrowserContext]
pytestmark = scripts_on

# Each is of a size of its own, for a browser that has a larger file already takes that.
SIZES = [
    *((2250, 1500), (1500, 1000), (1000, 800), (2400, 1200), (1440, 1800), (2250, 900)),
    *((1200, 1500), (960, 1200), (2100, 2100), (1120, 1400), (500, 500), (700, 700)),
]
SCREENS = [(360, 1), (360, 2), (360, 3), (768, 1), (1280, 1), (1280, 2)]
# How wide each is drawn, the widths that it is offered in, and the one that was taken.
CHOICES = """images => images.map(image => {
  const box = image.getBoundingClientRect();
  const offers = image.srcset.split(", ").map(offer => offer.split(" "));
  const [, taken] = offers.find(([url]) => image.currentSrc.endsWith(url));
  const ratio = image.getAttribute("width") / image.getAttribute("height");
  return {
    drawn: Math.min(box.width, box.height * ratio),
    widths: offers.map(([, width]) => parseInt(width)),
    taken: parseInt(taken),
  };
})"""
LARGEST_IN_SIGHT = """images => {
  const area = image => {
    const {width, top, bottom} = image.getBoundingClientRect();
    return width * (Math.min(bottom, innerHeight) - top);
  };
  return images.sort((one, other) => area(other) - area(one))[0].outerHTML;
}"""


def pages(context: BrowserContext, new_context: NewContext) -> Iterator[tuple[Page, int]]:
    """A page on each screen, with the pixels that one of ours is made of."""
    for width, sharpness in SCREENS:
        page = new_context(
            viewport={"width": width, "height": 800},
            device_scale_factor=sharpness,
            storage_state=context.storage_state(),
        ).new_page()
        yield page, sharpness


def assert_smallest_of_those_wide_enough(
    page: Page, selector: str, sharpness: int, may_miss: int = 0
) -> None:
    for image in page.locator(selector).all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
    for choice in page.locator(selector).evaluate_all(CHOICES):
        needed = round(choice["drawn"]) * sharpness
        widths = choice["widths"]
        best = min((width for width in widths if width >= needed), default=max(widths))
        assert abs(widths.index(choice["taken"]) - widths.index(best)) <= may_miss, choice


def test_the_list_loads_the_smallest_files_that_are_wide_enough(
    context: BrowserContext, new_context: NewContext, viewer: User, bookmark: Bookmark
) -> None:
    for number, size in enumerate(SIZES):
        bookmark(viewer, f"Image {number}", size=size)
    for page, sharpness in pages(context, new_context):
        page.goto("/images/")
        assert_smallest_of_those_wide_enough(page, "#images img[loading=lazy]", sharpness)
        # Those that come before there is a layout can only guess how far they will grow.
        eager = "#images img:not([loading])"
        assert_smallest_of_those_wide_enough(page, eager, sharpness, may_miss=1)


def test_the_page_of_an_image_loads_the_smallest_file_that_is_wide_enough(
    context: BrowserContext, new_context: NewContext, viewer: User, bookmark: Bookmark
) -> None:
    images = [bookmark(viewer, "A bird", size=size) for size in SIZES[2:6]]
    for page, sharpness in pages(context, new_context):
        for image in images:
            page.goto(image.get_absolute_url())
            assert_smallest_of_those_wide_enough(page, ".image-page__frame img", sharpness)


def test_the_largest_image_in_sight_is_not_lazy(
    page: Page, viewer: User, bookmark: Bookmark
) -> None:
    for number, size in enumerate(SIZES):
        image = bookmark(viewer, f"Image {number}", size=size)
    page.set_viewport_size({"width": 1280, "height": 900})
    for url in ("/images/", "/people/ana/", image.get_absolute_url()):
        page.goto(url)
        largest = page.locator("main img").evaluate_all(LARGEST_IN_SIGHT)
        assert "/media/images/" in largest
        assert "lazy" not in largest
