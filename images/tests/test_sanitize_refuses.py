"""Files that are not ordinary images are refused at once, with a clear message."""

import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django_stubs_ext import StrOrPromise
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from images.sanitize import MAX_BYTES, TOO_HEAVY, TOO_LONG, TOO_NARROW, sanitize
from imaging import animation as encoder
from imaging.errors import ImageError, Reason
from imaging.jobs import NOT_AN_IMAGE, TOO_LARGE, TOO_LARGE_WEBP
from imaging.sanitize import sanitize as sanitize_here
from testing.crafted_image_files import (
    as_mpo,
    growing_gif,
    many_scans,
    pixels,
    png,
    png_chunk,
    png_header,
    riff,
    webp_header,
)
from testing.image_files import animation, encode, halves, noise

WHOLE = {
    "JPEG": encode(noise(), "JPEG"),
    "progressive JPEG": encode(noise(), "JPEG", progressive=True),
    "CMYK JPEG": encode(noise("CMYK"), "JPEG"),
    "PNG": encode(noise(), "PNG"),
    "palette PNG": encode(noise().quantize(), "PNG"),
    "WebP": encode(noise(), "WEBP"),
    "WebP with alpha": encode(noise("RGBA"), "WEBP"),
    "lossless WebP": encode(noise("RGBA"), "WEBP", lossless=True),
    "GIF": encode(noise().quantize(), "GIF"),
    "moving GIF": animation("GIF"),
    "moving PNG": animation("PNG"),
    "moving WebP": animation("WEBP"),
}
JPEG, PNG, WEBP, GIF = (WHOLE[kind] for kind in ("JPEG", "PNG", "WebP", "GIF"))
SCRIPT = b"<script>alert(1)</script>"
HTML = b"<!DOCTYPE html><html><body>hello</body></html>"


def commented(jpeg: bytes, comment: bytes) -> bytes:
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + jpeg[2:]


def texted(file: bytes, text: bytes) -> bytes:
    return file[:33] + png_chunk(b"tEXt", b"Comment\0" + text) + file[33:]


def patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def framed(jpeg: bytes, width: int, height: int) -> bytes:
    """Return a JPEG whose header declares another size."""
    return patched(jpeg, jpeg.index(b"\xff\xc0\0") + 5, struct.pack(">HH", height, width))


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        # The contents must not break another rule.
        archive.writestr("a.txt", "hello")
        archive.comment = b"x" * 60_000
    return buffer.getvalue()


def many(*frames: tuple[int, int]) -> bytes:
    return growing_gif((10, 10), *frames, disposal=0)


# Bytes at the end without which an image still decodes. A JPEG needs all of them.
ENDS = {"PNG": 20, "palette PNG": 20, "GIF": 2, "moving PNG": 30, "moving GIF": 60}
CUT = {
    f"{kind} cut at {share}/12": data[: max(1, (len(data) - ENDS.get(kind, 0)) * share // 12)]
    for kind, data in WHOLE.items()
    for share in range(12)
} | {
    f"{kind} without its last {end} bytes": data[:-end]
    for kind, data in WHOLE.items()
    for end in {1 + ENDS.get(kind, 0), 2 + ENDS.get(kind, 0)}
}
POLYGLOTS = {
    "GIF and script": patched(GIF, 6, b"/*") + b"*/=1;alert(1)",
    "GIF and script behind an assignment": b"GIF89a=\n1\n/*\0" + many((5, 5))[19:] + b"*/;alert(1)",
    "JPEG and script": b"\xff\xd8\xff\xe0/*" + bytes(0x2F2A - 2) + JPEG[2:] + b"*/alert(1)",
    "JPEG and script behind an assignment": b"\xff\xd8\xff\xe0=/*"
    + bytes(0x3D2F - 3)
    + JPEG[2:]
    + b"*/1",
    "RIFF and script": patched(WEBP, 4, b"/*") + bytes(0x2A2F) + b"*/=1",
    "RIFF and script behind an assignment": patched(WEBP, 4, b"=/*\0") + bytes(0x2A2F3D) + b"*/1",
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
    "PDF and JPEG": b"%PDF-1.4\n" + JPEG,
    "JPEG with PHP": commented(JPEG, b"<?php system($_GET['c']); ?>"),
    "JPEG with a script": commented(JPEG, SCRIPT),
    "PNG with PHP": texted(PNG, b"<?PHP phpinfo();"),
    "GIF with PHP": encode(halves(), "GIF", comment=b"<?php phpinfo(); ?>"),
    "GIF with a script": encode(halves(), "GIF", comment=SCRIPT),
    "WebP with PHP": encode(halves(), "WEBP", xmp=b"<?php phpinfo(); ?>"),
    "WebP with a script": riff((b"VP8 ", b""), (b"XMP ", SCRIPT)) + WEBP,
    "JPEG and SVG": JPEG + b'<svg id="x" xmlns="http://www.w3.org/2000/svg"/>',
    "moving GIF and HTML": animation("GIF") + HTML,
    "MPO with a script": as_mpo(commented(JPEG, SCRIPT)),
}
OTHERS = {
    "nothing": b"",
    "a word": b"hello",
    "zeros": bytes(1000),
    "HTML": HTML,
    "script": b"alert(1)",
    "PHP": b"<?php phpinfo();",
    "PDF": b"%PDF-1.7\n",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "XML": b'<?xml version="1.0"?><svg/>',
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage",
    "PSD": b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 9, 9, 8, 3) + bytes(999),
    "ZIP": zipped(),
    "program": b"\x7fELF\2\1\1" + bytes(99),
    "film": b"\0\0\0\x18ftypmp42" + bytes(99),
    "sound": b"RIFF\x24\0\0\0WAVEfmt " + bytes(32),
    "GIF of a script": b"GIF89a<script>alert(1)</script>",
    **{
        kind: encode(halves(), kind)
        for kind in ("TIFF", "BMP", "ICO", "AVIF", "EPS", "JPEG2000", "PPM", "TGA", "PCX", "DDS")
    },
}
LIES = {
    "JPEG of size zero": framed(JPEG, 0, 0),
    "PNG without pixels": png((48, 40), pixels(b"")),
    "PNG of size zero": png((0, 0), pixels(b"")),
    "PNG of an unknown colour": png((4, 4), pixels(bytes(99)), colour=5),
    "PNG with a wrong checksum": patched(PNG, 29, b"\0\0\0\0"),
    "WebP larger than it is": patched(WEBP, 26, struct.pack("<HH", 480, 400)),
    "empty WebP": riff(),
    "WebP that claims to be longer": patched(WEBP, 4, struct.pack("<I", len(WEBP) + 99)),
    "WebP header": webp_header(300, 200),
    "GIF without frames": GIF[:13] + b";",
    "moving PNG with too few frames": animation("PNG").replace(
        png_chunk(b"acTL", struct.pack(">II", 4, 0)), png_chunk(b"acTL", struct.pack(">II", 9, 0))
    ),
    "JPEG with 101 scans": many_scans((400, 300), 101),
    "MPO with 1,000 scans": as_mpo(many_scans((400, 300), 1000)),
    "PNG with a profile that is a bomb": png(
        (1, 1),
        png_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(20_000_000))),
        pixels(bytes(4)),
    ),
}
BOMBS = {
    "PNG": png_header(13_000, 13_000),
    "PNG with pixels": png((13_000, 13_000), pixels(bytes(20_000_000))),
    "largest PNG": png_header(2**31 - 1, 2**31 - 1),
    "JPEG": framed(JPEG, 13_000, 13_000),
    "MPO": as_mpo(framed(JPEG, 13_000, 13_000)),
    "largest JPEG": framed(JPEG, 65_500, 65_500),
    "GIF": patched(GIF, 6, struct.pack("<HH", 13_000, 13_000)),
    "largest GIF": patched(GIF, 6, b"\xff\xff\xff\xff"),
    "GIF with a first frame too large": patched(
        GIF, GIF.index(b",\0\0\0\0") + 5, struct.pack("<HH", 9000, 9000)
    ),
    "WebP": webp_header(13_000, 13_000),
    "largest WebP": webp_header(16_383, 16_383),
    "WebP of 40.1 megapixels": webp_header(8020, 5000),
}
LONG = {
    "1,001 frames": many(*[(1, 1)] * 1000),
    "10,000 frames": many(*[(1, 1)] * 10)[:-1] + many((1, 1))[19:-1] * 10_000 + b";",
    "a second frame of 25 megapixels": growing_gif((10, 10), (5000, 5000)),
    "frames too large": encode(
        Image.new("P", (3000, 2001)),
        "GIF",
        save_all=True,
        append_images=[Image.new("P", (3000, 2001), 1)],
    ),
    "too many frames for their size": many(*[(1, 1)] * 500).replace(
        b"GIF89a\x0a\0\x0a\0", b"GIF89a" + struct.pack("<HH", 800, 700)
    ),
    "moving PNG of many frames": png(
        (10, 10), png_chunk(b"acTL", struct.pack(">II", 100_000, 0)), pixels(bytes(310))
    ),
}
GROWN = {"a second frame of 100 megapixels": growing_gif((10, 10), (10_000, 10_000), (10, 10))}
NARROW = {
    f"{kind} {size}": encode(Image.new("RGB", size), kind)
    for kind in ("JPEG", "PNG", "WEBP", "GIF")
    for size in ((1, 31), (311, 10))
}
# Intact images that are too large, made on demand.
LARGE: list[tuple[str, StrOrPromise, Callable[[], bytes]]] = [
    ("JPEG", TOO_LARGE, lambda: encode(Image.new("L", (8020, 5000)), "JPEG")),
    ("PNG", TOO_LARGE, lambda: encode(Image.new("1", (8020, 5000)), "PNG")),
    ("GIF", TOO_LARGE, lambda: encode(Image.new("P", (8020, 5000)), "GIF")),
    ("WebP", TOO_LARGE_WEBP, lambda: webp_header(5001, 4000)),
    *(
        (f"heavy {kind}", TOO_HEAVY, lambda data=data: data.ljust(MAX_BYTES + 1, b"\0"))
        for kind, data in WHOLE.items()
    ),
]
CORPUS: list[tuple[str, StrOrPromise, Callable[[], bytes]]] = [
    *LARGE,
    *(
        (name, message, lambda data=data: data)
        for message, group in [
            *((NOT_AN_IMAGE, group) for group in (CUT, POLYGLOTS, OTHERS, LIES)),
            *((TOO_LARGE, group) for group in (BOMBS, GROWN)),
            (TOO_LONG, LONG),
            (TOO_NARROW, NARROW),
        ]
        for name, data in group.items()
    ),
]


def test_there_are_many_bad_files() -> None:
    assert len(CORPUS) >= 100


@pytest.mark.parametrize(
    ("message", "make"), [row[1:] for row in CORPUS], ids=[row[0] for row in CORPUS]
)
def test_a_bad_file_is_refused_at_once(message: str, make: Callable[[], bytes]) -> None:
    data = make()
    with pytest.raises(ValidationError) as error:
        sanitize(data)
    assert error.value.messages == [message]
    # Repeat the work in this process to measure its time.
    start = time.process_time()
    if len(data) <= MAX_BYTES:
        with pytest.raises(ImageError):
            sanitize_here(data)
    assert time.process_time() - start < 1


def test_similar_files_that_are_only_images_are_accepted() -> None:
    for data in WHOLE.values():
        sanitize(data)
    sanitize(JPEG.ljust(MAX_BYTES, b"\0"))
    sanitize(commented(JPEG, b"an <html5> page, a <scripted> one, and PDF-1.4"))


def test_a_large_file_full_of_opening_tags_is_checked_quickly() -> None:
    data = PNG + b"<svg " * 3_000_000
    sanitize(data[:MAX_BYTES])
    start = time.process_time()
    sanitize_here(data)
    assert time.process_time() - start < 4


def test_an_animation_that_would_be_huge_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "MAX_WRITTEN_ANIMATION", 5000)
    with pytest.raises(ImageError) as error:
        sanitize_here(animation("PNG"))
    assert error.value.reason is Reason.TOO_LONG


@settings(max_examples=600, deadline=None)
@given(
    kind=st.sampled_from(sorted(WHOLE)), position=st.floats(0, 1), skew=st.booleans(),
    byte=st.integers(0, 255),
)  # fmt: skip
@example(kind="GIF", position=0.0, skew=False, byte=0)
def test_a_damaged_file_is_sanitized_or_refused(
    kind: str, position: float, skew: bool, byte: int
) -> None:
    data = bytearray(WHOLE[kind])
    # Prefer the headers, where most damage has an effect.
    data[int(position ** (4 if skew else 1) * (len(data) - 1))] = byte
    try:
        picture = sanitize(bytes(data))
    except ValidationError:
        return
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.size == (picture.width, picture.height)
