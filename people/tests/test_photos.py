"""What becomes of a photo that somebody uploads."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from people.models import Profile

pytestmark = pytest.mark.django_db


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (400, 300), mode: str = "RGB", **kwargs: object
) -> bytes:
    buffer = io.BytesIO()
    image = Image.new(mode, size)
    image.paste(Image.new(mode, (size[0] // 2, size[1]), "red"))
    image.save(buffer, kind, **kwargs)
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def with_scans(count: int) -> bytes:
    """A progressive JPEG which draws its last scan over and over."""
    data = picture(progressive=True)
    start = data.rindex(b"\xff\xda")
    return data[:start] + data[start:-2] * count + data[-2:]


def wide_gamut() -> bytes:
    """A colour profile in which red and blue have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


@pytest.fixture
def upload(as_ana: Client) -> Callable[[bytes, str], str]:
    """Upload bytes as Ana's photo; returns the error, empty where there is none."""

    def upload(data: bytes, name: str = "photo.jpg") -> str:
        response = as_ana.post("/profile/", {"photo": SimpleUploadedFile(name, data)})
        if response.status_code == 303:
            return ""
        assert response.status_code == 422
        return str(response.context["form"].errors["photo"][0])

    return upload


@pytest.fixture
def stored(media: Path) -> Callable[[], list[Path]]:
    before = set(media.rglob("*"))

    def stored() -> list[Path]:
        return sorted(path for path in set(media.rglob("*")) - before if path.is_file())

    return stored


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def photo_of(user: User) -> Image.Image:
    with Image.open(Profile.objects.get(user=user).photo.path) as image:
        image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_four_formats_are_taken_whatever_the_name(
    ana: User, upload: Callable[[bytes, str], str], kind: str
) -> None:
    assert upload(picture(kind), "holiday.exe") == ""
    photo = photo_of(ana)
    assert (photo.format, photo.mode, photo.size) == ("WEBP", "RGB", (400, 300))


def test_a_photo_comes_with_its_thumbnails(
    upload: Callable[[bytes], str], stored: Callable[[], list[Path]]
) -> None:
    upload(picture(size=(100, 50)))
    sizes = {path.name.partition(".webp")[2]: size_of(path) for path in stored()}
    assert sizes == {"": (100, 50), ".photo.webp": (180, 180), ".photo_2x.webp": (360, 360)}


def test_nothing_but_the_picture_is_kept(ana: User, upload: Callable[[bytes], str]) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 0.0)
    upload(picture(exif=exif, comment=b"a secret"))
    photo = photo_of(ana)
    assert not photo.getexif()
    assert not {"exif", "icc_profile", "xmp", "comment"} & set(photo.info)
    assert b"secret" not in Path(Profile.objects.get(user=ana).photo.path).read_bytes()


def test_a_photo_is_turned_upright(ana: User, upload: Callable[[bytes], str]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    upload(picture(exif=exif))
    photo = photo_of(ana).convert("RGB")
    assert photo.size == (300, 400)
    # What was red on the left is on top now.
    red, green, _ = photo.crop((150, 50, 151, 51)).tobytes()
    assert red > 200
    assert green < 60


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_are_those_that_the_profile_means(
    ana: User, upload: Callable[[bytes], str], mode: str
) -> None:
    assert upload(picture("PNG", mode=mode, icc_profile=wide_gamut())) == ""
    red, _, blue = photo_of(ana).convert("RGB").crop((50, 50, 51, 51)).tobytes()
    assert red < 60
    assert blue > 200


@pytest.mark.parametrize("junk", [{"icc_profile": b"junk"}, {"exif": b"Exif\0\0junk"}])
def test_damaged_metadata_is_no_fault_of_the_picture(
    ana: User, upload: Callable[[bytes], str], junk: dict[str, Any]
) -> None:
    assert upload(picture(**junk)) == ""


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.integers(0, 600), byte=st.integers(0, 255))
def test_no_damaged_photo_breaks_the_page(as_ana: Client, place: int, byte: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a description"
    data = bytearray(picture(size=(40, 30), exif=exif))
    data[place % len(data)] = byte
    response = as_ana.post("/profile/", {"photo": SimpleUploadedFile("x.jpg", bytes(data))})
    assert response.status_code in {303, 422}


def test_transparency_is_kept(ana: User, upload: Callable[[bytes], str]) -> None:
    upload(picture("PNG", mode="RGBA"))
    assert photo_of(ana).mode == "RGBA"


def test_a_large_photo_is_made_smaller(ana: User, upload: Callable[[bytes], str]) -> None:
    assert upload(picture(size=(7000, 5000))) == ""
    assert max(photo_of(ana).size) == 1080


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"hello", "not a photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a photo"),
        (b"%PDF-1.7", "not a photo"),
        (b"GIF89a<script>alert(1)</script>", "not a photo"),
        (picture("TIFF"), "not a photo"),
        (picture("BMP"), "not a photo"),
        (picture("ICO"), "not a photo"),
        (picture()[:500], "not a photo"),
        (picture("PNG")[:100], "not a photo"),
        (picture("WEBP")[:60], "not a photo"),
        (picture("GIF")[:40], "not a photo"),
        (png_header(8000, 5001), "40 megapixels"),
        (picture(size=(10, 51)), "five times"),
        (picture("PNG", size=(1, 30000)), "five times"),
        (with_scans(101), "not a photo"),
        (png_header(13000, 13000), "40 megapixels"),
        (png_header(2**31 - 1, 2**31 - 1), "40 megapixels"),
        (picture() + b"\0" * 10 * 1024 * 1024, "10 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_anything_else_is_an_error_and_leaves_no_file(
    ana: User,
    upload: Callable[[bytes], str],
    stored: Callable[[], list[Path]],
    data: bytes,
    reason: str,
) -> None:
    assert reason in upload(data)
    assert not stored()
    assert not Profile.objects.get(user=ana).photo


@pytest.mark.django_db(transaction=True)
def test_a_new_photo_replaces_the_old_and_removing_it_leaves_nothing(
    ana: User, as_ana: Client, upload: Callable[[bytes], str], stored: Callable[[], list[Path]]
) -> None:
    upload(picture())
    first = stored()
    upload(picture("PNG"))
    second = stored()
    assert len(second) == 3
    assert not set(first) & set(second)
    as_ana.post("/profile/", {"photo-clear": "on"})
    assert not stored()
    upload(picture())
    ana.delete()
    assert not stored()


def test_the_admin_cleans_photos_too(
    ana: User, admin_client: Client, stored: Callable[[], list[Path]]
) -> None:
    url = f"/admin/people/profile/{ana.profile.pk}/change/"
    response = admin_client.post(url, {"photo": SimpleUploadedFile("x.png", b"hello")})
    assert "not a photo" in response.text
    assert not stored()
    admin_client.post(url, {"photo": SimpleUploadedFile("x.png", picture("PNG"))})
    assert photo_of(ana).format == "WEBP"
