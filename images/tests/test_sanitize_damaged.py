"""Damaged files are refused at once, and say that they are damaged."""

import io
import struct
import time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from images.sanitize import sanitize
from imaging.errors import ImageError
from imaging.jobs import DAMAGED
from imaging.sanitize import sanitize as sanitize_here
from testing.crafted_image_files import pixels, png, riff, webp_header
from testing.whole_image_files import GIF, JPEG, PNG, WEBP, WHOLE, framed, patched

# Bytes at the end without which an image is still shown.
ENDS = {
    "JPEG": 40,
    "CMYK JPEG": 60,
    "PNG": 20,
    "palette PNG": 20,
    "GIF": 4,
    "moving PNG": 30,
    "moving GIF": 4,
}
# A progressive JPEG is shown, with less detail, if whole scans are missing.
CUTTABLE = {kind: data for kind, data in WHOLE.items() if kind != "progressive JPEG"}
CUT = {
    f"{kind} cut at {share}/12": data[: max(1, (len(data) - ENDS.get(kind, 0)) * share // 12)]
    for kind, data in CUTTABLE.items()
    for share in range(1, 12)
} | {
    f"{kind} without its last {end} bytes": data[:-end]
    for kind, data in CUTTABLE.items()
    for end in {1 + ENDS.get(kind, 0), 2 + ENDS.get(kind, 0)}
}
LIES = {
    "AVIF without pixels": WHOLE["AVIF"][:400],
    "HEIC without pixels": WHOLE["HEIC"][:600],
    "AVIF whose first box has 4 GB": b"\xff\xff\xff\xff" + WHOLE["AVIF"][4:],
    "GIF of a script": b"GIF89a<script>alert(1)</script>",
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
}


@pytest.mark.parametrize("name", [*CUT, *LIES])
def test_a_damaged_file_is_refused_at_once(name: str) -> None:
    data = {**CUT, **LIES}[name]
    with pytest.raises(ValidationError) as error:
        sanitize(data)
    assert error.value.message == DAMAGED
    # Repeat the work in this process to measure its time.
    start = time.process_time()
    with pytest.raises(ImageError):
        sanitize_here(data)
    assert time.process_time() - start < 1


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
