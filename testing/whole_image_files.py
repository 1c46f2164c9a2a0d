"""One small file of each kind that Magpie reads, and ways to change it."""

import struct

import pillow_heif

from testing.crafted_image_files import png_chunk
from testing.image_files import animation, encode, noise

pillow_heif.register_heif_opener()

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
    "AVIF": encode(noise(), "AVIF"),
    "AVIF with alpha": encode(noise("RGBA"), "AVIF"),
    "HEIC": encode(noise(size=(80, 64)), "HEIF"),
    "moving GIF": animation("GIF"),
    "moving PNG": animation("PNG"),
    "moving WebP": animation("WEBP"),
    "moving AVIF": animation("AVIF"),
}
JPEG, PNG, WEBP, GIF = (WHOLE[kind] for kind in ("JPEG", "PNG", "WebP", "GIF"))


def commented(jpeg: bytes, comment: bytes) -> bytes:
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + jpeg[2:]


def texted(file: bytes, text: bytes) -> bytes:
    return file[:33] + png_chunk(b"tEXt", b"Comment\0" + text) + file[33:]


def patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def framed(jpeg: bytes, width: int, height: int, marker: bytes = b"\xff\xc0\0") -> bytes:
    """Return a JPEG whose header declares another size."""
    return patched(jpeg, jpeg.index(marker) + 5, struct.pack(">HH", height, width))
