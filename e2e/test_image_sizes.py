"""Browsers load files as large as the screen needs, and visible images first."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect

from e2e.conftest import scripts_on
from images.files import ImageFile
from images.models import Image
from images.sanitize import sanitize
from testing.image_files import image_file

type NewContext = Callable[..., BrowserContext]
pytestmark = scripts_on

# All sizes differ, because a browser that already has a larger file of an image uses that.
SIZES = [
    *((2250, 1500), (1500, 1000), (1000, 800), (2400, 1200), (1440, 1800), (2250, 900)),
    *((1200, 1500), (960, 1200), (2100, 2100), (1120, 1400), (500, 500), (700, 700)),
]
SCREENS = [(360, 1), (360, 2), (360, 3), (768, 1), (1280, 1), (1280, 2)]
# For each image: its width on the page, the widths in its srcset, and the width that was loaded.
CHOICES = """images => images.map(image => {
  const box = image.getBoundingClientRect();
  const {srcset} = image.parentElement.querySelector("source[type]") ?? image;
  const candidates = srcset.split(", ").map(candidate => candidate.split(" "));
  const [, loaded] = candidates.find(([url]) => image.currentSrc.endsWith(url));
  const ratio = image.getAttribute("width") / image.getAttribute("height");
  return {
    drawn: Math.min(box.width, box.height * ratio),
    widths: candidates.map(([, width]) => parseInt(width)),
    loaded: parseInt(loaded),
  };
})"""
LARGEST_VISIBLE = """images => {
  const area = image => {
    const {width, top, bottom} = image.getBoundingClientRect();
    return width * (Math.min(bottom, innerHeight) - top);
  };
  return images.sort((one, other) => area(other) - area(one))[0].outerHTML;
}"""


@pytest.fixture(scope="module")
def made() -> list[ImageFile]:
    """Return a list that keeps the files of the first test, because others find no rows of them."""
    return []


@pytest.fixture
def images(viewer: User, made: list[ImageFile]) -> list[Image]:
    """Save an image of each size. Their files and thumbnails are made once."""
    if made:
        ImageFile.objects.bulk_create(made)
    else:
        made += [ImageFile.objects.store(sanitize(image_file("teal", size))) for size in SIZES]
    return [
        Image.objects.bookmark(viewer, file, title=f"Image {number}")
        for number, file in enumerate(made)
    ]


def open_screens(context: BrowserContext, new_context: NewContext) -> Iterator[tuple[Page, int]]:
    """Yield a page on each screen, with the device pixels per CSS pixel."""
    for width, pixel_ratio in SCREENS:
        page = new_context(
            viewport={"width": width, "height": 800},
            device_scale_factor=pixel_ratio,
            storage_state=context.storage_state(),
        ).new_page()
        yield page, pixel_ratio


def assert_smallest_wide_enough(
    page: Page, selector: str, pixel_ratio: int, tolerance: int = 0
) -> None:
    for image in page.locator(selector).all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
    for choice in page.locator(selector).evaluate_all(CHOICES):
        needed = round(choice["drawn"]) * pixel_ratio
        widths = choice["widths"]
        best = min((width for width in widths if width >= needed), default=max(widths))
        assert abs(widths.index(choice["loaded"]) - widths.index(best)) <= tolerance, choice


def test_the_list_loads_the_smallest_files_that_are_wide_enough(
    context: BrowserContext, new_context: NewContext, images: list[Image]
) -> None:
    for page, pixel_ratio in open_screens(context, new_context):
        page.goto("/images/")
        assert_smallest_wide_enough(page, "#images img[loading=lazy]", pixel_ratio)
        # The browser chooses these files before layout, when their final width is a guess.
        eager = "#images img:not([loading])"
        assert_smallest_wide_enough(page, eager, pixel_ratio, tolerance=1)


def test_the_page_of_an_image_loads_the_smallest_file_that_is_wide_enough(
    context: BrowserContext, new_context: NewContext, images: list[Image]
) -> None:
    for page, pixel_ratio in open_screens(context, new_context):
        for image in images[2:6]:
            page.goto(image.get_absolute_url())
            assert_smallest_wide_enough(page, ".image-page__frame img", pixel_ratio)


def test_the_largest_visible_image_is_not_lazy(page: Page, images: list[Image]) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    for url in ("/images/", "/people/ana/", images[-1].get_absolute_url()):
        page.goto(url)
        largest = page.locator("main img").evaluate_all(LARGEST_VISIBLE)
        assert "/media/images/" in largest
        assert "lazy" not in largest
