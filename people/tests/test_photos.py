"""How an uploaded photo is stored."""

import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from people.models import Profile
from testing.image_files import encode, halves, image_file, swapped_profile
from testing.stored_files import stored_file, stored_image

pytestmark = pytest.mark.django_db


def size_of(name: str) -> tuple[int, int]:
    with stored_image(name) as image:
        return image.size


def photo_of(user: User) -> Image.Image:
    with stored_image(Profile.objects.get(user=user).photo.name) as image:
        image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_four_formats_are_accepted_under_any_name(
    ana: User, upload: Callable[[bytes, str], str], kind: str
) -> None:
    assert upload(image_file(kind=kind), "holiday.exe") == ""
    photo = photo_of(ana)
    assert (photo.format, photo.mode, photo.size) == ("WEBP", "RGB", (400, 300))


def test_a_photo_is_stored_with_its_thumbnails(
    upload: Callable[[bytes], str], stored: Callable[[], set[str]]
) -> None:
    upload(image_file(size=(100, 50)))
    sizes = {name.partition(".webp")[2]: size_of(name) for name in stored()}
    assert sizes == {
        "": (100, 50),
        ".photo.webp": (180, 180),
        ".photo_2x.webp": (360, 360),
        ".photo_jpeg.jpg": (180, 180),
    }


def test_names_of_photos_cannot_be_guessed(ana: User, upload: Callable[[bytes], str]) -> None:
    names = []
    for kind in ("JPEG", "PNG"):
        upload(image_file(kind=kind))
        names.append(Profile.objects.get(user=ana).photo.name)
    assert len(set(names)) == 2
    # 128 bits.
    assert all(re.fullmatch(r"people/[0-9a-f]{32}\.webp", name) for name in names)


def test_metadata_is_removed(ana: User, upload: Callable[[bytes], str]) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 0.0)
    upload(image_file(exif=exif, comment=b"a secret"))
    photo = photo_of(ana)
    assert not photo.getexif()
    assert not {"exif", "icc_profile", "xmp", "comment"} & set(photo.info)
    assert b"secret" not in stored_file(Profile.objects.get(user=ana).photo.name)


def test_a_photo_is_turned_upright(ana: User, upload: Callable[[bytes], str]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    upload(encode(halves(size=(400, 300)), "JPEG", exif=exif))
    photo = photo_of(ana).convert("RGB")
    assert photo.size == (300, 400)
    # The red left side of the file is on top of the turned photo.
    red, green, _ = photo.crop((150, 50, 151, 51)).tobytes()
    assert red > 200
    assert green < 60


def test_a_photo_may_have_a_video_appended(upload: Callable[[bytes], str]) -> None:
    assert upload(image_file() + Random(1).randbytes(9 * 1024 * 1024)) == ""


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_follow_the_colour_profile(
    ana: User, upload: Callable[[bytes], str], mode: str
) -> None:
    assert upload(encode(halves(mode, (400, 300)), "PNG", icc_profile=swapped_profile())) == ""
    red, _, blue = photo_of(ana).convert("RGB").crop((50, 50, 51, 51)).tobytes()
    assert red < 60
    assert blue > 200


@pytest.mark.parametrize("junk", [{"icc_profile": b"junk"}, {"exif": b"Exif\0\0junk"}])
def test_a_photo_with_damaged_metadata_is_accepted(
    ana: User, upload: Callable[[bytes], str], junk: dict[str, Any]
) -> None:
    assert upload(image_file(**junk)) == ""


def test_transparency_is_kept(ana: User, upload: Callable[[bytes], str]) -> None:
    upload(encode(halves("RGBA"), "PNG"))
    assert photo_of(ana).mode == "RGBA"


def test_a_large_photo_is_reduced(ana: User, upload: Callable[[bytes], str]) -> None:
    assert upload(image_file(size=(7000, 5000))) == ""
    assert max(photo_of(ana).size) == 1080


@pytest.mark.django_db(transaction=True)
def test_replacing_or_removing_a_photo_deletes_its_files(
    ana: User, as_ana: Client, upload: Callable[[bytes], str], stored: Callable[[], set[str]]
) -> None:
    upload(image_file())
    first = stored()
    upload(image_file(kind="PNG"))
    second = stored()
    assert len(second) == 4
    assert not first & second
    as_ana.post("/profile/", {"photo-clear": "on"})
    assert not stored()
    upload(image_file())
    ana.delete()
    assert not stored()


def test_the_admin_sanitizes_photos_too(
    ana: User, admin_client: Client, stored: Callable[[], set[str]]
) -> None:
    url = f"/admin/people/profile/{ana.profile.pk}/change/"
    response = admin_client.post(url, {"photo": SimpleUploadedFile("x.png", b"hello")})
    assert "not an image" in response.text
    assert not stored()
    admin_client.post(url, {"photo": SimpleUploadedFile("x.png", image_file(kind="PNG"))})
    assert photo_of(ana).format == "WEBP"
