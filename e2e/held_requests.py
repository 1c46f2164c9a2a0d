"""Requests of a page that are held back until a test lets them through."""

from playwright.sync_api import Page, Route


class HeldRequests:
    """The requests of a page to one URL."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.routes: list[Route] = []
        self.is_released = False
        page.route(url, self.handle)

    def handle(self, route: Route) -> None:
        if self.is_released:
            route.continue_()
        else:
            self.routes.append(route)

    def let_through(self) -> None:
        """Let these and later requests through, and wait for the page and its scripts to load."""
        self.is_released = True
        for route in self.routes:
            route.continue_()
        self.page.wait_for_load_state("load")
