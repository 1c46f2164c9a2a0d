"""Images with more pixels than Magpie keeps are kept at a reduced size."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from imaging import pool
from imaging.formats.source import MAX_PIXELS
from testing.crafted_image_files import many_scans
from testing.image_files import encode
from testing.large_image_files import quadrants

COLOURS = ["red", "lime", "blue", "white"]
# The file, its size and its size when kept. A decoder is ended if it exceeds its memory.
LARGE: dict[str, tuple[Callable[[], bytes], tuple[int, int], tuple[int, int]]] = {
    "JPEG of 48 megapixels": (lambda: jpeg(8064, 6048), (8064, 6048), (4032, 3024)),
    "JPEG of 108 megapixels": (lambda: jpeg(12000, 9008), (12000, 9008), (6000, 4504)),
    "JPEG of 200 megapixels": (lambda: jpeg(16320, 12240), (16320, 12240), (4080, 3060)),
    "panorama": (lambda: jpeg(40000, 4000), (40000, 4000), (20000, 2000)),
    "progressive JPEG": (lambda: many_scans((8064, 6048), 10), (8064, 6048), (4032, 3024)),
    "PNG": (lambda: filled("RGB", "PNG"), (8020, 5000), (4010, 2500)),
    "transparent PNG": (lambda: filled("RGBA", "PNG"), (8020, 5000), (4010, 2500)),
    "grey PNG": (lambda: filled("L", "PNG"), (8020, 5000), (4010, 2500)),
    "GIF": (lambda: filled("P", "GIF"), (8020, 5000), (4010, 2500)),
}


def jpeg(width: int, height: int) -> bytes:
    return quadrants((width, height), COLOURS, split=0.5)


def filled(mode: str, kind: str) -> bytes:
    return encode(Image.new(mode, (8020, 5000)), kind)


@pytest.mark.parametrize("name", LARGE)
def test_a_large_image_is_kept_at_a_reduced_size(name: str) -> None:
    make, size, kept = LARGE[name]
    assert size[0] * size[1] > MAX_PIXELS
    result = pool.run("sanitize", make())
    assert (result.width, result.height) == kept
    with Image.open(io.BytesIO(result.data)) as image:
        assert image.size == kept


def test_a_large_photo_keeps_its_colours() -> None:
    result = pool.run("sanitize", jpeg(8064, 6048))
    with Image.open(io.BytesIO(result.data)) as image:
        points = [(image.width * x // 4, image.height * y // 4) for y in (1, 3) for x in (1, 3)]
        found = [image.getpixel(point) for point in points]
    expected = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)]
    for colour, wanted in zip(found, expected, strict=True):
        assert colour == pytest.approx(wanted, abs=6)


def test_a_large_image_has_a_preview_and_can_be_a_photo() -> None:
    data = jpeg(16320, 12240)
    assert pool.run("preview", data, size=(640, 480)).width == 640
    assert pool.run("sanitize_photo", data).width == 1080
