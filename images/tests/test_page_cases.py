"""Real web pages in small: their lead picture is offered first, with their title."""

import re
from pathlib import Path

import pytest

from images.preview import preview_address
from testing.image_files import image_file
from testing.network import Network
from testing.scripted_web import Page, http_response

PAGES = Path(__file__).parent / "cases" / "pages"
# Browsers show nothing of the picture, or show it by CSS only.
WITHOUT_PICTURE = {"unclosed-comment-early", "meta-after-unclosed-style", "css-background"}
TITLES = {
    **dict.fromkeys(("only-div", "doctype-legacy", "no-known-tag-in-64k"), ""),
    "html-comment-short": "t",
    "shift-jis": "鳥",
}
PICTURE = re.compile(r"site\.test/i/(\d+)x(\d+)-([a-z]+)[^/]*$")
KINDS = ["", "text/html", "text/html; charset={}"]


class Pictures(dict[str, Page]):
    """A site with a picture of each size and colour."""

    def get(self, key: str, default: object = None) -> Page:
        if match := PICTURE.match(key):
            return http_response(image_file(match[3], (int(match[1]), int(match[2])), "PNG"))
        return super().get(key, http_response(b"", status="404 Not Found"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_the_lead_picture_is_offered_first(network: Network, path: Path, kind: str) -> None:
    charset = "shift_jis" if path.stem == "shift-jis" else "utf-8"
    body = path.read_bytes()
    lines = [f"Content-Length: {len(body)}", *([f"Content-Type: {kind}"] if kind else [])]
    network.serve("site.test/", b"")
    network.web.pages = Pictures(
        {
            "site.test/a/page": http_response(body, *(line.format(charset) for line in lines)),
            "site.test/svg": http_response(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        }
    )
    shown = preview_address("https://site.test/a/page")
    assert shown.page
    assert shown.page.title == TITLES.get(path.stem, "A page about birds")
    urls = [candidate.url for candidate in shown.candidates]
    assert path.stem in WITHOUT_PICTURE or "/i/900x600-crimson" in urls[0]
