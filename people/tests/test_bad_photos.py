"""An upload that is not a photo, or too large, is an error and leaves no file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from people.models import Profile
from testing.crafted_image_files import as_mpo, many_scans, png_header
from testing.image_files import image_file
from web.models import RateLimit

pytestmark = pytest.mark.django_db


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(position=st.integers(0, 600), byte=st.integers(0, 255))
def test_a_damaged_photo_never_breaks_the_page(as_ana: Client, position: int, byte: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a description"
    data = bytearray(image_file(size=(40, 30), exif=exif))
    data[position % len(data)] = byte
    # These tests save the profile more often than the limits allow.
    RateLimit.objects.all().delete()
    response = as_ana.post("/profile/", {"photo": SimpleUploadedFile("x.jpg", bytes(data))})
    assert response.status_code in {303, 422}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"hello", "not an image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"%PDF-1.7", "PDF"),
        (b"GIF89a<script>alert(1)</script>", "damaged"),
        (image_file(kind="TIFF"), "TIFF"),
        (image_file(kind="BMP"), "BMP"),
        (image_file(kind="ICO"), "icon"),
        (image_file()[:500], "damaged"),
        (image_file(kind="PNG")[:100], "damaged"),
        (image_file(kind="WEBP")[:60], "damaged"),
        (image_file(kind="GIF")[:40], "damaged"),
        (png_header(8000, 5001), "damaged"),
        (image_file(size=(10, 51)), "five times"),
        (image_file(kind="PNG", size=(1, 30000)), "five times"),
        (many_scans((400, 300), 101), "too much time"),
        (as_mpo(many_scans((400, 300), 101)), "too much time"),
        (png_header(13000, 13000), "169 megapixels"),
        (png_header(2**31 - 1, 2**31 - 1), "megapixels"),
        (image_file() + b"\0" * 10 * 1024 * 1024, "10 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_an_invalid_photo_is_an_error_and_leaves_no_file(
    ana: User,
    upload: Callable[[bytes], str],
    stored: Callable[[], list[Path]],
    data: bytes,
    reason: str,
) -> None:
    assert reason in upload(data)
    assert not stored()
    assert not Profile.objects.get(user=ana).photo
