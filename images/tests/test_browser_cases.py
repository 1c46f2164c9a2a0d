"""What Magpie keeps of files from the real world looks as browsers show it."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from images.sanitize import SanitizedImage, sanitize
from imaging.formats.source import MAX_PIXELS
from imaging.jobs import DAMAGED
from testing.image_files import encode
from testing.large_image_files import quadrants
from testing.pixel_grids import distance, grid

FOLDER = Path(__file__).parent / "cases"
# What Chromium 156 showed of each file.
EXPECTED = json.loads((FOLDER / "images.json").read_text())
# Browsers show parts of these.
REFUSED = {"jpeg-half.jpg", "last-tenth-missing.jpg", "png-half.png"}
# Encoding a picture again loses this much of a channel.
LOSS = 14
JUNK = Random(1).randbytes(5000)


def read(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def jpeg() -> bytes:
    return read("jpeg-without-eoi.jpg")


def png() -> bytes:
    with Image.open(io.BytesIO(jpeg() + b"\xff\xd9")) as image:
        return encode(image, "PNG")


# Files that would be large, or differ from another one only at their end.
MADE: dict[str, Callable[[], bytes]] = {
    "jpeg-and-junk.jpg": lambda: jpeg() + b"\xff\xd9" + JUNK,
    "jpeg-half.jpg": lambda: jpeg()[: len(jpeg()) // 2],
    "jpeg-minus-1.jpg": lambda: jpeg() + b"\xff",
    "jpeg-minus-10-with-eoi.jpg": lambda: jpeg()[:-8] + b"\xff\xd9",
    "last-tenth-missing.jpg": lambda: read("no-end-marker.jpg")[:-3340],
    "png-and-junk.png": lambda: png() + JUNK,
    "png-half.png": lambda: png()[: len(png()) // 2],
    "phone-48mp.jpg": lambda: quadrants((6048, 8064), ["#1e1fdc", "#dc1e20", "#e6dd26", "#1dc91f"]),
    "phone-200mp.jpg": lambda: quadrants(
        (12240, 16320), ["#1e1bda", "#dd1f21", "#e7da29", "#21c820"]
    ),
}


def test_all_cases_are_there() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"images.json", "pages"}
    assert files | {*MADE} == {*EXPECTED}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_is_kept_as_browsers_show_it(name: str) -> None:
    expected = EXPECTED[name]
    data = MADE[name]() if name in MADE else read(name)
    if name in REFUSED:
        with pytest.raises(ValidationError) as error:
            sanitize(data)
        assert error.value.message == DAMAGED
        return
    picture = sanitize(data)
    assert_same_shape(picture, expected["size"])
    with Image.open(io.BytesIO(picture.data)) as image:
        assert getattr(image, "n_frames", 1) == expected["frames"]
        durations = []
        grids = {frame["frame"]: frame["grid"] for frame in expected["grids"]}
        for number in range(expected["frames"]):
            image.seek(number)
            found = grid(image)
            durations.append(image.info.get("duration"))
            assert number not in grids or distance(found, grids[number]) <= LOSS
    assert expected["frames"] == 1 or durations == expected["durations"]


def assert_same_shape(picture: SanitizedImage, size: list[int]) -> None:
    """Assert that a picture has the expected size, or a part of it if it would be too large."""
    width, height = size
    if width * height <= MAX_PIXELS:
        assert [picture.width, picture.height] == size
    else:
        assert picture.width * height == picture.height * width
        assert picture.width * picture.height >= MAX_PIXELS // 5
