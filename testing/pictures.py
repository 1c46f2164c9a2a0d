"""Pictures of all kinds, good and bad."""

import io
import struct
import zlib

from PIL import Image, ImageCms


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


def as_mpo(jpeg: bytes) -> bytes:
    """Make Pillow take a JPEG for one of several pictures."""
    several = io.BytesIO()
    frames = [Image.new("RGB", (8, 8)), Image.new("RGB", (8, 8))]
    frames[0].save(several, "MPO", save_all=True, append_images=frames[1:])
    data = several.getvalue()
    start = data.index(b"MPF\0") - 4
    length = struct.unpack(">H", data[start + 2 : start + 4])[0]
    return jpeg[:2] + data[start : start + 2 + length] + jpeg[2:]


def wide_gamut() -> bytes:
    """A colour profile in which red and blue have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)
