"""What Magpie keeps of an image looks in a browser as the image itself."""

from base64 import b64encode
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from imaging.formats.kinds import kind_of
from imaging.sanitize import sanitize
from testing.odd_animation_files import (
    disposed_gifs,
    disposed_pngs,
    disposed_webps,
    on_odd_canvases,
)
from testing.odd_image_files import colours_of_png, odd_pngs, transparent_greys, turned
from testing.pixel_grids import POINTS, SIZE, Grid, distance

type Files = Callable[[], Iterator[tuple[str, bytes]]]

GROUPS: list[Files] = [
    transparent_greys,
    colours_of_png,
    odd_pngs,
    turned,
    disposed_gifs,
    disposed_pngs,
    disposed_webps,
    on_odd_canvases,
]
# An empty page with the rights of a secure one.
ADDRESS = "https://pictures.example/"
# Draws the frames of a file, and returns their colours at some points.
DRAW = """async ([file, type, points, [width, height]]) => {
  const data = Uint8Array.from(atob(file), letter => letter.charCodeAt(0));
  const context = new OffscreenCanvas(width, height).getContext("2d");
  const grid = picture => {
    context.fillStyle = "white";
    context.fillRect(0, 0, width, height);
    context.drawImage(picture, 0, 0, width, height);
    return points.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data].slice(0, 3));
  };
  const decoder = new ImageDecoder({data, type});
  await decoder.tracks.ready;
  const count = decoder.tracks.selectedTrack.frameCount;
  // Only an element is turned upright.
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([data], {type}));
  await new Promise(resolve => { image.onload = image.onerror = resolve; });
  const grids = [grid(image)];
  for (let frameIndex = 1; frameIndex < count; frameIndex++) {
    grids.push(grid((await decoder.decode({frameIndex})).image));
  }
  return [[image.naturalWidth, image.naturalHeight], grids];
}"""
# Encoding as PNG or as a lossless WebP loses nothing, but browsers convert colours a little
# differently. JPEG and WebP lose more.
LOSSLESS, LOSSY = 3, 14


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.route(ADDRESS, lambda route: route.fulfill(body="<p>", content_type="text/html"))
    page.goto(ADDRESS)
    yield page
    page.close()


def drawn(page: Page, data: bytes) -> tuple[list[int], list[Grid]]:
    """Return the size of an image, and the colours of its frames."""
    file, kind = b64encode(data).decode(), f"image/{kind_of(data).lower()}"
    size, grids = page.evaluate(DRAW, [file, kind, POINTS, SIZE])
    return size, grids


@pytest.mark.parametrize("files", GROUPS, ids=lambda files: files.__name__)
def test_a_kept_image_looks_like_the_original(page: Page, files: Files) -> None:
    different = [name for name, data in files() if not looks_the_same(page, name, data)]
    assert different == []


def looks_the_same(page: Page, name: str, data: bytes) -> bool:
    kept = sanitize(data)
    size, frames = drawn(page, data)
    kept_size, kept_frames = drawn(page, kept.data)
    if not [kept.width, kept.height] == kept_size == size or len(frames) != len(kept_frames):
        return False
    loss = LOSSY if kept.format == "jpg" or name.startswith(("JPEG", "WEBP", "AVIF")) else LOSSLESS
    pairs = zip(frames, kept_frames, strict=True)
    return all(distance(found, expected) <= loss for expected, found in pairs)
