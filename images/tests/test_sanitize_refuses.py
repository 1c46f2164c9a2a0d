"""Files that are not images, or exceed a limit, are refused at once, with the true reason."""

import io
import struct
import time
import zipfile
from collections.abc import Callable
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from images.sanitize import MAX_BYTES, TOO_HEAVY, TOO_LONG, TOO_NARROW, sanitize
from imaging import animation as encoder
from imaging.errors import ImageError, Reason
from imaging.jobs import MESSAGES, TOO_COSTLY, TOO_LARGE
from imaging.sanitize import sanitize as sanitize_here
from testing.crafted_image_files import (
    as_mpo,
    growing_gif,
    many_scans,
    pixels,
    png,
    png_header,
    webp_header,
)
from testing.hostile_image_files import apng_of_frames
from testing.image_files import animation, encode, halves
from testing.whole_image_files import GIF, JPEG, WHOLE, framed, patched


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "hello")
    return buffer.getvalue()


def padded(data: bytes) -> bytes:
    """Return a file of one byte more than the maximum."""
    return data.ljust(MAX_BYTES + 1, b"\0")


def many(*frames: tuple[int, int]) -> bytes:
    return growing_gif((10, 10), *frames, disposal=0)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
KINDS: list[tuple[Reason, dict[str, bytes]]] = [
    (
        Reason.NOT_AN_IMAGE,
        {
            "nothing": b"",
            "a word": b"hello",
            "zeros": bytes(1000),
            "many declarations": b"<??>" * 1000,
            "many comments": b"<!---->" * 1000,
            "many document types": b"<!doctype svg[]>" * 1000,
            "script": b"alert(1)",
            "PHP": b"<?php phpinfo();",
            "program": b"\x7fELF\2\1\1" + bytes(99),
            **{kind: encode(halves(), kind) for kind in ("PPM", "TGA", "PCX", "DDS")},
        },
    ),
    (Reason.WEB_PAGE, {"HTML": b"<!DOCTYPE html><html><body>hello</body></html>"}),
    (Reason.PDF, {"PDF": b"%PDF-1.7\n", "PDF and JPEG": b"%PDF-1.4\n" + JPEG}),
    (
        Reason.SVG,
        {
            "SVG": SVG,
            "SVG with a prolog": b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- by hand -->\n" + SVG,
            "SVG with a document type": b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">'
            + SVG,
            "SVG with a prefix": b"<svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>",
        },
    ),
    (
        Reason.POSTSCRIPT,
        {"PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n", "EPS": encode(halves(), "EPS")},
    ),
    (Reason.PHOTOSHOP, {"PSD": b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 9, 9, 8, 3)}),
    (Reason.ARCHIVE, {"ZIP": zipped(), "gzip": b"\x1f\x8b\x08\0", "RAR": b"Rar!\x1a\x07\0"}),
    (
        Reason.VIDEO,
        {
            "MP4": b"\0\0\0\x18ftypmp42" + bytes(99),
            "MOV": b"\0\0\0\x14ftypqt  " + bytes(99),
            "WebM": b"\x1aE\xdf\xa3" + bytes(99),
            "AVI": b"RIFF\x24\0\0\0AVI LIST" + bytes(32),
        },
    ),
    (Reason.SOUND, {"WAV": b"RIFF\x24\0\0\0WAVEfmt " + bytes(32), "MP3": b"ID3\4" + bytes(99)}),
    (Reason.TIFF, {"TIFF": encode(halves(), "TIFF"), "big TIFF": b"MM\0+\0\x08\0\0"}),
    (Reason.RAW, {"CR3": b"\0\0\0\x18ftypcrx " + bytes(99)}),
    (Reason.BMP, {"BMP": encode(halves(), "BMP")}),
    (Reason.ICON, {"ICO": encode(halves(), "ICO"), "ICNS": b"icns" + bytes(99)}),
    (Reason.JPEG_2000, {"JPEG 2000": encode(halves(), "JPEG2000")}),
    (
        Reason.JPEG_XL,
        {"JPEG XL": b"\xff\x0a" + bytes(99), "JPEG XL in a box": b"\0\0\0\x0cJXL \r\n\x87\n"},
    ),
]
# The file, its megapixels and the limit that the message states.
BOMBS: dict[str, tuple[bytes, int, int]] = {
    "PNG": (png_header(13_000, 13_000), 169, 62),
    "PNG with pixels": (png((13_000, 13_000), pixels(bytes(20_000_000))), 169, 62),
    "grey PNG": (png((20_000, 20_000), pixels(b""), colour=0), 400, 100),
    "largest JPEG": (framed(JPEG, 65_500, 65_500), 4291, 500),
    "largest MPO": (as_mpo(framed(JPEG, 65_500, 65_500)), 4291, 500),
    "progressive JPEG": (
        framed(WHOLE["progressive JPEG"], 13_000, 13_000, b"\xff\xc2\0"),
        169,
        112,
    ),
    "GIF smaller than its canvas": (
        patched(GIF, 6, struct.pack("<HH", 13_000, 13_000)),
        169,
        12,
    ),
    "largest GIF": (patched(GIF, 6, b"\xff\xff\xff\xff"), 4295, 12),
    "WebP": (webp_header(13_000, 13_000), 169, 20),
    "largest WebP": (webp_header(16_383, 16_383), 269, 20),
    "WebP of 20.1 megapixels": (webp_header(5025, 4000), 21, 20),
}
# Made by the tests, because all of them together take much memory.
LONG: dict[str, Callable[[], bytes]] = {
    "1,001 frames": lambda: many(*[(1, 1)] * 1000),
    "10,000 frames": lambda: many(*[(1, 1)] * 10)[:-1] + many((1, 1))[19:-1] * 10_000 + b";",
    "a second frame of 25 megapixels": lambda: growing_gif((10, 10), (5000, 5000)),
    "a second frame of 100 megapixels": lambda: growing_gif((10, 10), (10_000, 10_000), (10, 10)),
    "frames too large": lambda: encode(
        Image.new("P", (3000, 2001)),
        "GIF",
        save_all=True,
        append_images=[Image.new("P", (3000, 2001), 1)],
    ),
    "too many frames for their size": lambda: many(*[(1, 1)] * 500).replace(
        b"GIF89a\x0a\0\x0a\0", b"GIF89a" + struct.pack("<HH", 800, 700)
    ),
    "moving PNG of many frames": lambda: apng_of_frames(1001),
}
NARROW = {
    f"{kind} {size}": encode(Image.new("RGB", size), kind)
    for kind in ("JPEG", "PNG", "WEBP", "GIF")
    for size in ((1, 31), (311, 10))
}
COSTLY = {
    "JPEG with 101 scans": many_scans((400, 300), 101),
    "MPO with 1,000 scans": as_mpo(many_scans((400, 300), 1000)),
}
REFUSED = [
    *((name, MESSAGES[reason], data) for reason, group in KINDS for name, data in group.items()),
    *((name, TOO_LONG, make) for name, make in LONG.items()),
    *((name, TOO_NARROW, data) for name, data in NARROW.items()),
    *((name, TOO_COSTLY, data) for name, data in COSTLY.items()),
    *((f"heavy {kind}", TOO_HEAVY, partial(padded, data)) for kind, data in WHOLE.items()),
    *(
        (name, TOO_LARGE % {"megapixels": megapixels, "limit": limit}, data)
        for name, (data, megapixels, limit) in BOMBS.items()
    ),
]


@pytest.mark.parametrize(
    ("message", "file"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_bad_file_is_refused_at_once(message: str, file: bytes | Callable[[], bytes]) -> None:
    data = file if isinstance(file, bytes) else file()
    with pytest.raises(ValidationError) as error:
        sanitize(data)
    assert error.value.messages == [message]
    # Repeat the work in this process to measure its time.
    start = time.process_time()
    if len(data) <= MAX_BYTES:
        with pytest.raises(ImageError):
            sanitize_here(data)
    assert time.process_time() - start < 1


def test_each_kind_of_file_has_a_message() -> None:
    assert {*Reason} - {*MESSAGES} == {Reason.TOO_LONG, Reason.TOO_NARROW}


def test_whole_files_are_accepted() -> None:
    for data in WHOLE.values():
        sanitize(data)
    sanitize(JPEG.ljust(MAX_BYTES, b"\0"))


def test_an_animation_that_would_be_huge_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "MAX_WRITTEN_ANIMATION", 5000)
    with pytest.raises(ImageError) as error:
        sanitize_here(animation("PNG"))
    assert error.value.reason is Reason.TOO_LONG
