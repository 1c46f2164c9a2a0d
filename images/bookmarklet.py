"""The bookmarklet: a bookmark that opens Magpie's form with an image of the current page."""

from pathlib import Path
from urllib.parse import quote

SOURCE = Path(__file__).with_name("bookmarklet.js")


def bookmarklet_url(add_url: str) -> str:
    """Return the bookmarklet as a `javascript:` URL that opens `add_url`."""
    lines = [line.strip() for line in SOURCE.read_text().splitlines()]
    code = "".join(f"{line} " for line in lines if not line.startswith("//"))
    return "javascript:" + quote(code.strip().replace("ADD_URL", add_url))
