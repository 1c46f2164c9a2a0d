"""AVIF and HEIC files are kept with their colours, their transparency and the right way up."""

import io
import struct

import pillow_heif
import pytest
from PIL import Image

from images.sanitize import SanitizedImage, sanitize
from testing.image_files import animation, encode, halves, swapped_profile

pillow_heif.register_heif_opener()
KINDS = ["AVIF", "HEIF"]


def opened(picture: SanitizedImage) -> Image.Image:
    with Image.open(io.BytesIO(picture.data)) as image:
        image.load()
        return image


def colour(picture: SanitizedImage, point: tuple[int, int] = (10, 20)) -> tuple[int, ...]:
    found = opened(picture).convert("RGBA").getpixel(point)
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_becomes_a_jpeg_without_metadata(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret"
    picture = sanitize(encode(halves(), kind, quality=90, exif=exif.tobytes(), xmp=b"a secret"))
    assert (picture.extension, picture.width, picture.height) == ("jpg", 60, 40)
    assert colour(picture) == pytest.approx((220, 30, 30, 255), abs=8)
    assert b"a secret" not in picture.data


@pytest.mark.parametrize("kind", KINDS)
def test_a_transparent_picture_stays_transparent(kind: str) -> None:
    picture = sanitize(encode(halves("RGBA"), kind, quality=90))
    assert picture.extension == "webp"
    assert colour(picture)[3] == pytest.approx(255, abs=3)
    assert colour(picture, (50, 20))[3] == pytest.approx(0, abs=3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_turned_once(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = sanitize(encode(halves(), kind, quality=90, exif=exif.tobytes()))
    assert (picture.width, picture.height) == (40, 60)
    assert colour(picture, (20, 10)) == pytest.approx((220, 30, 30, 255), abs=8)


@pytest.mark.parametrize("kind", KINDS)
def test_colours_follow_the_profile(kind: str) -> None:
    picture = sanitize(encode(halves(), kind, quality=90, icc_profile=swapped_profile()))
    assert colour(picture) == pytest.approx((30, 30, 220, 255), abs=8)


@pytest.mark.parametrize("kind", KINDS)
def test_the_code_of_wide_colours_makes_them_stronger(kind: str) -> None:
    data = encode(halves(), kind, quality=90)
    at = data.index(b"colrnclx") + 8
    wide = data[:at] + struct.pack(">HH", 12, 13) + data[at + 4 :]
    assert colour(sanitize(wide)) == pytest.approx((240, 0, 0, 255), abs=8)


@pytest.mark.parametrize("kind", KINDS)
def test_grey_stays_grey(kind: str) -> None:
    assert opened(sanitize(encode(halves("L"), kind, quality=90))).mode == "L"


def test_grey_of_more_than_eight_bits_keeps_its_brightness() -> None:
    grey = Image.new("L", (64, 64), 100).point(lambda value: value * 256, "I").convert("I;16")
    picture = sanitize(encode(grey, "HEIF", quality=90))
    assert opened(picture).getpixel((30, 30)) == pytest.approx(100, abs=3)


def test_of_several_pictures_the_main_one_is_kept() -> None:
    others = [Image.new("RGB", (60, 40), "blue")]
    data = encode(halves(), "HEIF", quality=90, save_all=True, append_images=others)
    picture = sanitize(data)
    assert not picture.is_animated
    assert colour(picture) == pytest.approx((220, 30, 30, 255), abs=8)


def test_a_sequence_becomes_an_animation() -> None:
    frames = [Image.new("RGB", (64, 48), name) for name in ("red", "lime", "blue")]
    picture = sanitize(animation("AVIF", frames, duration=[100, 40, 300]))
    assert (picture.extension, picture.is_animated) == ("webp", True)
    found = []
    with Image.open(io.BytesIO(picture.data)) as image:
        for number in range(3):
            image.seek(number)
            image.load()
            found.append(image.info["duration"])
    assert found == [100, 40, 300]
