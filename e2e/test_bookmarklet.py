"""The bookmarklet, pressed on pages like those of the web, up to the saved image."""

from collections.abc import Callable
from functools import cache
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from images.models import Image
from testing import web as local
from testing.fixtures.people import PASSWORD
from testing.image_files import image_file

pytestmark = scripts_on

PAGE = """<!doctype html><title>Birds of the sea</title>
<p id="story">A heron stood there.</p><p>Then it flew away. 🐦</p>
<img src="/pixel.gif" width="300" height="200" alt="">
<img src="/large-beacon.png" width="1" height="1" alt="">
<img src="/unseen.png" style="visibility: hidden" alt=""><img src="/hidden.png" hidden alt="">
<img src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='999' height='999'/%3E"
  alt="">
<img src="/drawing.svg" width="90" height="90" alt="">
<picture><source type="image/avif" srcset="/heron.avif"><source type="image/webp"
  srcset="/heron.webp"><img src="/heron.jpg" alt="A heron"></picture>
<picture><source srcset="/owl.avif?w=700 700w, /owl.avif?w=500 500w" sizes="90px"><img
  src="/owl.jpg" alt=""></picture>
<picture><source type="image/avif" srcset="/swan?f=avif"><source type="image/jxl"
  srcset="/swan.jxl"><img src="/swan-500.jpg" sizes="90px"
  srcset="/swan-600.jpg 600w, /swan-500.jpg 500w" alt="">
</picture>
<picture><source media="print" srcset="/print.png 9000w"><img src="/gull.png" alt=""></picture>
<img src="/tern-250.png" srcset="/tern-250.png 250w, /tern-550.png 550w" sizes="90px" alt="">
<a href="/stork.jpg"><img src="/stork-thumb.png" alt=""></a>
<div style="height: 20000px"></div><img loading="lazy" src="/late.png" alt="">"""

# In the order of the size in which they are shown.
HANDED_OVER = "heron.webp swan-600.jpg gull.png stork-thumb.png owl.jpg tern-550.png".split()
SIZES = {
    "heron": 800,
    "owl": 700,
    "swan": 600,
    "swan-500": 500,
    "swan-600": 600,
    "gull": 220,
    "tern-250": 250,
    "tern-550": 550,
    "stork": 900,
    "stork-thumb": 200,
    # Those that are not shown.
    **dict.fromkeys(("print", "large-beacon", "unseen", "hidden", "late"), 900),
    "pixel": 1,
}
KINDS = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "avif": "AVIF"}
DRAWING = b"<svg xmlns='http://www.w3.org/2000/svg' width='900' height='900'/>"


@cache
def gallery() -> dict[str, tuple[str, bytes]]:
    """Return the page and its pictures by path. One path allows scripts, the other forbids them."""
    responses = {path: ("text/html; charset=utf-8", PAGE.encode()) for path in PATHS}
    responses["/drawing.svg"] = ("image/svg+xml", DRAWING)
    for number, (name, width) in enumerate(SIZES.items()):
        # Pictures that look the same would be offered once.
        colour, size = f"hsl({25 * number}, 90%, 40%)", (width, width * 2 // 3 or 1)
        for suffix, kind in KINDS.items():
            body = f"image/{suffix}", image_file(colour, size, kind)
            responses[f"/{name}.{suffix}"] = body
    responses["/swan?f=avif"] = responses["/swan.avif"]
    for width in (500, 700):
        responses[f"/owl.avif?w={width}"] = responses["/owl.avif"]
    return responses


@pytest.fixture(autouse=True)
def served_gallery(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "RESPONSES", local.RESPONSES | gallery())


PATHS = ("/gallery", "/strict")


@pytest.fixture
def press(page: Page, viewer: User) -> Callable[[], Page]:
    """Return a function that presses the bookmarklet, and returns the tab that it opens."""
    page.goto("/images/bookmarklet/")
    href = page.get_by_role("link", name="Add to Magpie").get_attribute("href")
    assert href

    def press() -> Page:
        with page.context.expect_page() as tab:
            page.evaluate(unquote(href.removeprefix("javascript:")))
        tab.value.set_default_timeout(15_000)
        return tab.value

    return press


def load(page: Page) -> None:
    """Wait for the pictures that a page loads at once."""
    page.evaluate(
        "Promise.all([...document.querySelectorAll('img:not([loading])')].map(i => i.decode()))"
    )


def handed_over(tab: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(tab.url).query)


@pytest.mark.parametrize("path", PATHS)
def test_the_pictures_a_browser_shows_are_offered_as_others_can_read_them(
    page: Page, web: str, press: Callable[[], Page], path: str
) -> None:
    page.goto(web + path)
    load(page)
    shown = page.evaluate("[...document.images].map(image => image.currentSrc)")
    assert {f"{web}/heron.avif", f"{web}/owl.avif?w=500", f"{web}/swan?f=avif"} <= {*shown}
    page.evaluate("getSelection().selectAllChildren(document.body)")
    page.evaluate("getSelection().extend(document.querySelector('p + p'), 1)")
    tab = press()
    assert handed_over(tab)["picture"] == [f"{web}/{name}" for name in HANDED_OVER]
    boxes = tab.get_by_role("checkbox")
    expect(boxes.first).to_be_checked()
    expect(tab.get_by_label("Address", exact=True)).to_have_value(web + path)
    expect(tab.get_by_label("Title")).to_have_value("Birds of the sea")
    expect(tab.get_by_label("Description")).to_have_value(
        "A heron stood there.\n\nThen it flew away. 🐦"
    )
    offered = [box.get_attribute("value") for box in boxes.all()]
    # The page links a thumbnail to the large picture.
    assert offered[:6] == [f"{web}/{name.replace('-thumb.png', '.jpg')}" for name in HANDED_OVER]
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("heading", name="Birds of the sea")).to_be_visible()
    image = Image.objects.get()
    assert (image.url, image.page_url) == (f"{web}/heron.webp", web + path)
    assert (image.width, image.alt) == (800, "A heron")
    assert image.description.split() == "A heron stood there. Then it flew away. 🐦".split()


@pytest.mark.parametrize("text", ["a word ", "鳥の", "🐦"])
def test_a_long_selection_and_long_addresses_stay_short_enough_for_servers(
    page: Page, viewer: User, web: str, press: Callable[[], Page], text: str
) -> None:
    viewer.set_password(PASSWORD)
    viewer.save()
    page.goto(f"{web}/gallery")
    page.evaluate(
        """text => {
            document.title = text.repeat(9999);
            document.querySelector('#story').textContent = text.repeat(9999);
            for (const image of document.querySelectorAll('img:not([loading])'))
                if (image.src.endsWith('.png')) image.src += '?signed' + 'x'.repeat(1900);
        }""",
        text,
    )
    load(page)
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#story'))")
    # To sign in, the address would stand in that of the login page.
    page.context.clear_cookies()
    tab = press()
    assert len(tab.url) < 8000
    tab.get_by_label("Username").fill("ana")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("checkbox").first).to_be_checked()
    # No character is cut in two.
    for label in ("Title", "Description"):
        value = tab.get_by_label(label, exact=True).input_value()
        assert len(value) > 50
        assert (text * 9999).startswith(value)


def test_a_page_without_pictures_is_handed_over_too(
    page: Page, web: str, press: Callable[[], Page]
) -> None:
    page.goto(f"{web}/bare")
    tab = press()
    assert handed_over(tab) == {"page": [f"{web}/bare"], "title": ["Nothing to see"]}
    expect(tab.get_by_text("This web page has no suitable image.")).to_be_visible()
