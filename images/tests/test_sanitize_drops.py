"""What else a file contains is dropped: text that looks like HTML, archives, documents."""

import io
import time
import zipfile

import pytest
from PIL import Image

from images.sanitize import MAX_BYTES, sanitize
from imaging.sanitize import sanitize as sanitize_here
from testing.crafted_image_files import as_mpo
from testing.image_files import animation, encode, halves
from testing.whole_image_files import GIF, JPEG, PNG, WEBP, commented, texted

SCRIPT = b"<script>alert(1)</script>"
HTML = b"<!DOCTYPE html><html><body>hello</body></html>"


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        # The contents must not break another rule.
        archive.writestr("a.txt", "hello")
        archive.comment = b"x" * 60_000
    return buffer.getvalue()


POLYGLOTS = {
    "JPEG and script": b"\xff\xd8\xff\xe0/*" + bytes(0x2F2A - 2) + JPEG[2:] + b"*/alert(1)",
    "JPEG and ZIP": JPEG + zipped(),
    "PNG and ZIP": PNG + zipped(),
    "GIF and ZIP": GIF + zipped(),
    "WebP and ZIP": WEBP + zipped(),
    "PNG and RAR": PNG + b"Rar!\x1a\x07\x01\0" + bytes(99),
    "JPEG and RAR": JPEG + b"Rar!\x1a\x07\0" + bytes(99),
    "GIF and 7z": GIF + b"7z\xbc\xaf\x27\x1c\0\4" + bytes(99),
    "PNG and HTML": PNG + HTML,
    "PNG and HTML in capitals": PNG + HTML.upper(),
    "PNG with HTML inside": texted(PNG, HTML),
    "PNG with a script inside": texted(PNG, SCRIPT),
    "PNG with a script from elsewhere": texted(PNG, b"<script/src=//example.org></script>"),
    "PNG with a frame": texted(PNG, b"<iframe src=x>"),
    "JPEG and PDF": JPEG + b"%PDF-1.7\n1 0 obj",
    "JPEG with a PDF inside": commented(JPEG, b"%PDF-1.4\n"),
    "JPEG with PHP": commented(JPEG, b"<?php system($_GET['c']); ?>"),
    "JPEG with a script": commented(JPEG, SCRIPT),
    "PNG with PHP": texted(PNG, b"<?PHP phpinfo();"),
    "GIF with PHP": encode(halves(), "GIF", comment=b"<?php phpinfo(); ?>"),
    "GIF with a script": encode(halves(), "GIF", comment=SCRIPT),
    "WebP with PHP": encode(halves(), "WEBP", xmp=b"<?php phpinfo(); ?>"),
    "JPEG and SVG": JPEG + b'<svg id="x" xmlns="http://www.w3.org/2000/svg"/>',
    "moving GIF and HTML": animation("GIF") + HTML,
    "MPO with a script": as_mpo(commented(JPEG, SCRIPT)),
}

# What makes a file a page, a program, a document or an archive.
SIGNS = b"<script|<iframe|<html|<!doctype|<?php|<svg|%pdf|pk\5\6|rar!|7z\xbc\xaf|alert(1)".split(
    b"|"
)


@pytest.mark.parametrize("name", POLYGLOTS)
def test_only_the_pixels_of_a_file_are_kept(name: str) -> None:
    data = POLYGLOTS[name]
    assert any(sign in data.lower() for sign in SIGNS)
    picture = sanitize(data)
    assert not [sign for sign in SIGNS if sign in picture.data.lower()]
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.size == (picture.width, picture.height)


def test_a_large_file_full_of_opening_tags_is_read_quickly() -> None:
    data = (PNG + b"<svg " * 3_000_000)[:MAX_BYTES]
    start = time.process_time()
    sanitize_here(data)
    assert time.process_time() - start < 1
