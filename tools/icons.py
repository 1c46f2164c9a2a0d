"""Draw the icons in site/root/ and the image of link previews, from the site's own drawings."""

import io
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tools.servers.browser import INSTALL_HINT, launch_options
from tools.servers.site import ROOT

DRAWINGS = ROOT / "site/static/img"
FOLDER = ROOT / "site/root"
# The circle behind the bird, and `--paper` of tokens.css.
SKY, PAPER = "#dbe7fb", "#f7f7f4"
# Platforms show at least the inner circle of a maskable icon, which is 80% as wide.
MASKABLE = 0.74
PAGE = '<body style="margin:0;height:100vh;display:grid;place-items:center;background:{}">{}'


def main() -> None:
    with sync_playwright() as playwright:
        options = launch_options(playwright.chromium)
        if not options:
            sys.exit(INSTALL_HINT)
        with playwright.chromium.launch(**options) as browser:
            write_all(browser.new_page())


def write_all(page: Page) -> None:
    # Without a palette, in which Pillow's icons lose their transparency.
    icons = [draw(page, "magpie.svg", (size, size)).convert("RGBA") for size in (16, 32)]
    sizes = [icon.size for icon in icons]
    write(icons[1], FOLDER / "favicon.ico", sizes=sizes, append_images=icons[:1])
    for size in (192, 512):
        square = (size, size)
        write(draw(page, "magpie.svg", square), FOLDER / f"icon-{size}.png")
        maskable = draw(page, "magpie.svg", square, scale=MASKABLE, background=SKY)
        write(maskable, FOLDER / f"icon-maskable-{size}.png")
    touch_icon = draw(page, "magpie.svg", (180, 180), scale=0.9, background=SKY)
    write(touch_icon, FOLDER / "apple-touch-icon.png")
    preview = draw(page, "finds.svg", (1200, 630), scale=0.9, background=PAPER)
    write(preview, DRAWINGS / "link-preview.png")


def draw(
    page: Page,
    name: str,
    size: tuple[int, int],
    *,
    scale: float = 1,
    background: str = "transparent",
) -> Image.Image:
    """Return a drawing in the middle of a picture. `scale` is the part of the width that it takes.

    The picture has a palette, which makes its file a third as large.
    """
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(PAGE.format(background, (DRAWINGS / name).read_text()))
    width_and_height = f"svg => Object.assign(svg.style, {{ width: '{scale:%}', height: 'auto' }})"
    page.locator("svg").evaluate(width_and_height)
    screenshot = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
    picture = screenshot.convert("RGBA" if background == "transparent" else "RGB")
    return picture.quantize(64, Image.Quantize.FASTOCTREE, kmeans=4, dither=Image.Dither.NONE)


def write(picture: Image.Image, path: Path, **options: Any) -> None:
    picture.save(path, optimize=True, **options)
    print(f"{path.stat().st_size:8,} bytes  {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
