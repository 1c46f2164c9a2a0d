"""Other sites cannot show a page in a frame and trick people into clicking."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

from e2e.conftest import scripts_on

pytestmark = scripts_on


@pytest.fixture
def frame(site_url: str) -> Iterator[Callable[[str], str]]:
    """Serve another site. Yield a function that returns its address with a path in a frame."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            path = self.path.encode()
            self.wfile.write(b'<!doctype html><iframe src="%s%s"></iframe>' % (ours, path))

        def log_message(self, *args: object) -> None:
            pass

    ours = site_url.encode()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=[0.05]).start()
        try:
            yield lambda path: f"http://localhost:{server.server_port}{path}"
        finally:
            server.shutdown()


@pytest.mark.parametrize("path", ["/", "/people/", "/images/add/", "/accounts/login/", "/admin/"])
def test_no_page_is_shown_in_a_frame(
    page: Page,
    viewer: User,
    frame: Callable[[str], str],
    expect_console_error: Callable[[str], None],
    path: str,
) -> None:
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(frame(path))
    assert not page.frames[1].url.startswith("http")
    assert page.frames[1].locator("main, form").count() == 0
    expect_console_error("frame-ancestors")
