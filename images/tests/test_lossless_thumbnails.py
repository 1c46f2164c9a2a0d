"""Drawings have few colours, which their thumbnails keep exactly."""

import io

import pytest
from PIL import Image, ImageDraw

from images.files import ImageFile
from images.sanitize import sanitize
from testing.image_files import animation, encode, noise

pytestmark = pytest.mark.django_db
COLOURS = [(220, 30, 30), (30, 200, 30), (30, 30, 220), (255, 255, 255)]


def drawing(size: tuple[int, int] = (300, 200)) -> Image.Image:
    """Return thin lines in pure colours, which losses would blur."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for x in range(0, size[0], 3):
        draw.line((x, 0, x, size[1]), COLOURS[x % 4])
    return image


def thumbnail(data: bytes, alias: str = "320w") -> Image.Image:
    file = ImageFile.objects.store(sanitize(data)).image
    with file.storage.open(file.thumbnail_name(alias)) as stored:
        return Image.open(io.BytesIO(stored.read())).convert("RGB")


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_a_thumbnail_of_a_lossless_drawing_has_no_losses(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    found = thumbnail(encode(drawing(), kind, **options))
    assert found.tobytes() == drawing().tobytes()


def test_a_moving_drawing_has_no_losses() -> None:
    frames = [drawing(), drawing().transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    picture = sanitize(animation("GIF", frames))
    with Image.open(io.BytesIO(picture.data)) as image:
        for number, frame in enumerate(frames):
            image.seek(number)
            assert image.convert("RGB").tobytes() == frame.tobytes()


def test_a_thumbnail_of_a_lossless_photo_is_small() -> None:
    photo = noise(size=(400, 300))
    file = ImageFile.objects.store(sanitize(encode(photo, "PNG"))).image
    assert file.storage.size(file.thumbnail_name("480w")) < len(encode(photo, "PNG")) / 2
