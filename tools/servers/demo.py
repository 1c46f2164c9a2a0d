"""The demo that `make run` serves, and a browser that is signed in to it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from tools.servers.browser import INSTALL_HINT, launch_options
from tools.servers.site import ROOT, serving

LOG = ROOT / "var" / "demo.log"
LOGIN, PASSWORD = "demo", "shiny-things"


@dataclass
class DemoPage:
    """A page of the demo, for a viewer or for signed-out visitors."""

    name: str
    path: str
    is_signed_in: bool = True

    def open(self, page: Page) -> None:
        page.goto(self.path)
        if self.name == "dashboard":
            expect(page.locator("#feed article").first).to_be_visible()


@dataclass
class Demo:
    """The demo's address, a browser, and a signed-in session."""

    url: str
    browser: Browser
    options: dict[str, Any]
    session: StorageState

    @contextmanager
    def page(self, *, is_signed_in: bool = True, **options: Any) -> Iterator[Page]:
        """Yield a page in a fresh browser context, signed in or not."""
        session = self.session if is_signed_in else None
        with self.browser.new_context(
            base_url=self.url, locale="en-US", storage_state=session, **options
        ) as context:
            yield context.new_page()

    @contextmanager
    def browser_profile(self, *, is_signed_in: bool) -> Iterator[Path]:
        """Yield the folder of a browser profile, signed in or not."""
        start = self.browser.browser_type.launch_persistent_context
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            if is_signed_in:
                with start(folder, **self.options) as context:
                    context.add_cookies(self.session["cookies"])  # type: ignore[arg-type]
            yield Path(folder)

    def first_in_list(self, path: str) -> str:
        """Return the path of the first person or image in the list at `path`."""
        with self.page() as page:
            page.goto(path)
            link = page.get_by_role("article").get_by_role("heading").get_by_role("link").first
            return str(link.get_attribute("href"))


@contextmanager
def demo(**environment: str) -> Iterator[Demo]:
    """Serve the demo, and yield it with a browser that is signed in."""
    with (
        LOG.open("w") as log,
        serving(log, **environment) as url,
        sync_playwright() as playwright,
    ):
        options = launch_options(playwright.chromium, full=True)
        if not options:
            sys.exit(INSTALL_HINT)
        browser = playwright.chromium.launch(**options)
        page = browser.new_page(base_url=url)
        page.goto("/accounts/login/")
        page.get_by_label("Username or email").fill(LOGIN)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        expect(page, "The database is not the demo's.").to_have_url(f"{url}/")
        yield Demo(url, browser, options, page.context.storage_state())
        browser.close()
