"""Open pages: the feed, noticing a reload, scrolling, and reading long lists."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect


def mark(page: Page) -> None:
    """Mark the open page. A reload removes the mark."""
    page.evaluate("window.isMarked = true")


def is_marked(page: Page) -> bool:
    return bool(page.evaluate("window.isMarked === true"))


def open_home(page: Page) -> None:
    """Open a signed-in viewer's home page, and wait for its feed.

    Without scripts, the page leads to the feed by itself, which may undo a click made too early.
    """
    page.goto("/")
    expect(page.locator(".lazy-feed")).to_have_count(0)


def scroll_until(page: Page, is_done: Callable[[], object]) -> None:
    """Scroll to the end of the page, again and again as it grows, until `is_done()`."""
    for _ in range(200):
        if is_done():
            return
        page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
        page.wait_for_timeout(50)
    raise AssertionError("Scrolling did not lead to the expected state.")


def read_whole_list(page: Page, rows: Locator, more: str, scripts: bool) -> list[str]:
    """Return the texts of all rows: scroll to load them, or without scripts follow `more` links."""
    link = page.get_by_role("link", name=more)
    if scripts:
        scroll_until(page, lambda: not link.count())
        return rows.all_inner_texts()
    texts = rows.all_inner_texts()
    while link.count():
        with page.expect_navigation():
            link.click()
        texts += rows.all_inner_texts()
    return texts


def menu_button(page: Page, name: str) -> Locator:
    """Return the control that opens the viewer's menu. Playwright knows no role of a summary."""
    return page.locator("summary").filter(has_text=name)


def top_of(locator: Locator) -> int:
    box = locator.bounding_box()
    assert box
    return round(box["y"])


def loaded_width(page: Page, selector: str) -> object:
    return page.locator(selector).first.evaluate(
        "image => image.decode().then(() => image.naturalWidth)"
    )
