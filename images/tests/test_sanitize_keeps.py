"""Ordinary images of all kinds are accepted, and only their pixels are kept."""

import io
import struct
import zlib
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat
from PIL.PngImagePlugin import PngInfo

from images.sanitize import SanitizedImage, sanitize
from testing.crafted_image_files import as_mpo, interlaced_png, pixels, png, png_chunk, riff
from testing.image_files import animation, encode, halves, swapped_profile

SECRET = b"a well kept secret"
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

# The format, the extension of the result, the modes and the options when saving.
TABLE: list[tuple[str, str, str, list[dict[str, Any]]]] = [
    (
        "JPEG",
        "jpg",
        "L RGB CMYK",
        [
            {},
            {"progressive": True},
            {"subsampling": 0, "optimize": True},
            {"quality": 40, "restart_marker_rows": 1},
            {"icc_profile": b"junk"},
            {"icc_profile": LAB},
            {"exif": b"Exif\0\0junk"},
            {"dpi": (300, 300), "comment": b"hello"},
        ],
    ),
    ("PNG", "png", "1 L LA P RGB RGBA I;16", [{}, {"optimize": True}, {"compress_level": 0}]),
    ("PNG", "png", "L P RGB", [{"icc_profile": LAB}, {"transparency": 0}]),
    (
        "WEBP",
        "webp",
        "RGB RGBA",
        [{}, {"lossless": True}, {"quality": 40, "method": 0}, {"icc_profile": b"junk"}],
    ),
    ("GIF", "png", "1 L P RGB RGBA", [{}, {"interlace": 0}]),
]


def good() -> Iterator[tuple[str, bytes, str, Image.Image]]:
    """Yield the name, the file, the expected extension and the expected pixels of each image."""
    for kind, extension, modes, several in TABLE:
        for mode, options in product(modes.split(), several):
            image = halves("L" if mode == "I;16" else mode)
            if "transparency" in options and mode == "RGB":
                options = {"transparency": (1, 2, 3)}
            file = image.point(lambda value: value * 256, "I") if mode == "I;16" else image
            data = encode(file.convert("I;16") if mode == "I;16" else image, kind, **options)
            yield f"{kind} {mode} {' '.join(options)}", data, extension, image
    for (kind, extension), size in product(
        {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "png"}.items(),
        [(1, 1), (30, 1), (16, 17)],
    ):
        image = halves(size=size) if size[1] > 1 else Image.new("RGB", size, "red")
        yield f"{kind} {size}", encode(image, kind, quality=100), extension, image
    image, jpeg = halves(), encode(halves(), "JPEG")
    yield "MPO", as_mpo(jpeg), "jpg", image
    yield "MPO of two", animation("MPO", [image, halves("L")]), "jpg", image
    yield "JPEG with a video appended", jpeg + Random(1).randbytes(100_000), "jpg", image
    yield "interlaced", interlaced_png(image), "png", image
    png_file = encode(image, "PNG")
    yield "PNG with a byte appended", png_file + b"\n", "png", image
    yield "PNG without end", png_file[:-12], "png", image
    yield "GIF with a byte appended", encode(image, "GIF") + b"\0", "png", image
    yield "GIF without end", encode(image, "GIF")[:-1], "png", image


GOOD = list(good())


def opened(picture: SanitizedImage) -> Image.Image:
    image = Image.open(io.BytesIO(picture.data))
    image.load()
    return image


def frames(data: bytes) -> list[tuple[Image.Image, float]]:
    with Image.open(io.BytesIO(data)) as image:
        found = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frame = image.convert("RGBA")
            found.append((frame, image.info.get("duration", 0)))
        return found


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return the difference between the visible pixels of two images."""
    seen = [Image.alpha_composite(Image.new("RGBA", image.size), image) for image in (one, other)]
    return max(ImageStat.Stat(ImageChops.difference(*seen)).mean)


def parts(data: bytes) -> set[bytes]:
    """Return the names of all segments or chunks of a JPEG, PNG or WebP, up to its end."""
    found, at = set(), {b"\xff\xd8": 2, b"\x89P": 8, b"RI": 12}[data[:2]]
    while at < len(data):
        if data[:2] == b"\xff\xd8":
            name, length = data[at : at + 2], struct.unpack(">H", data[at + 2 : at + 4])[0] + 2
            if name == b"\xff\xda":
                found.add(name)
                assert data.endswith(b"\xff\xd9")
                break
        elif data[:2] == b"\x89P":
            name, length = data[at + 4 : at + 8], struct.unpack(">I", data[at : at + 4])[0] + 12
        else:
            name, length = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0] + 8
            length += length % 2
        found.add(name)
        at += length
    return found


ALLOWED = {
    "jpg": {bytes([255, marker]) for marker in (0xE0, 0xDB, 0xC0, 0xC4, 0xDA)},
    "png": {b"IHDR", b"IDAT", b"IEND"},
    "webp": {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"},
}


def assert_bare(picture: SanitizedImage) -> None:
    """Assert that a file contains only the parts that are needed to show it."""
    assert parts(picture.data) <= ALLOWED[picture.extension]
    image = opened(picture)
    assert not image.getexif()
    assert not {"exif", "icc_profile", "xmp", "comment", "dpi"} & set(image.info)
    assert SECRET not in picture.data


def test_there_are_many_good_images() -> None:
    assert len(GOOD) >= 60


@pytest.mark.parametrize(
    ("data", "extension", "image"), [row[1:] for row in GOOD], ids=[row[0] for row in GOOD]
)
def test_a_good_image_keeps_its_format_size_and_pixels(
    data: bytes, extension: str, image: Image.Image
) -> None:
    picture = sanitize(data)
    assert (picture.extension, picture.is_animated) == (extension, False)
    assert (picture.width, picture.height) == opened(picture).size == image.size
    assert difference(opened(picture).convert("RGBA"), image.convert("RGBA")) < 9
    assert_bare(picture)


def test_transparency_is_kept() -> None:
    for kind, options in (("PNG", {}), ("WEBP", {}), ("WEBP", {"lossless": True}), ("GIF", {})):
        alpha = opened(sanitize(encode(halves("RGBA"), kind, **options))).getchannel("A")
        assert (alpha.getpixel((10, 20)), alpha.getpixel((50, 20))) == (255, 0)
    palette = halves("P")
    clear = opened(sanitize(encode(palette, "PNG", transparency=bytes([99] * 256))))
    assert clear.getchannel("A").getextrema() == (99, 99)


@pytest.mark.parametrize("value", [0, 0x1234, 0x8000, 0xFF00, 0xFFFF])
def test_16_bit_grey_keeps_its_brightness(value: int) -> None:
    rows = (b"\0" + struct.pack(">H", value) * 4) * 4
    picture = sanitize(png((4, 4), pixels(rows), bits=16, colour=0))
    assert opened(picture).getpixel((0, 0)) == value >> 8


def exif(orientation: int) -> bytes:
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010E] = SECRET.decode()
    found.get_ifd(0x8825)[2] = (52.0, 31.0, 0.0)
    return found.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "AVIF", "MPO"])
def test_an_image_is_turned_upright(kind: str, orientation: int) -> None:
    image = halves()
    image.paste("blue", (0, 0, 60, 12))
    data = encode(image, "JPEG" if kind == "MPO" else kind, exif=exif(orientation))
    picture = sanitize(as_mpo(data) if kind == "MPO" else data)
    image.getexif()[0x0112] = orientation
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    assert (picture.width, picture.height) == upright.size
    assert difference(opened(picture).convert("RGBA"), upright) < 9
    assert_bare(picture)


def test_an_animation_is_turned_upright() -> None:
    data = animation("PNG", [halves(), Image.new("RGB", (60, 40))], exif=exif(6))
    picture = sanitize(data)
    assert (picture.width, picture.height) == (40, 60)
    red = frames(picture.data)[0][0].getpixel((20, 10))
    assert isinstance(red, tuple)
    assert red[0] > 180


def test_browsers_turn_no_webp() -> None:
    picture = sanitize(encode(halves(), "WEBP", exif=exif(6)))
    assert (picture.width, picture.height) == halves().size


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_the_colours_of_an_animation_follow_its_profile(kind: str) -> None:
    data = animation(kind, [halves(), Image.new("RGB", (60, 40))], icc_profile=swapped_profile())
    blue = frames(sanitize(data).data)[0][0].getpixel((10, 20))
    assert isinstance(blue, tuple)
    assert blue[2] > 180
    assert blue[0] < 80


@pytest.mark.parametrize(("kind", "mode"), ["JPEG RGB".split(), *(
    f"{kind} {mode}".split() for kind in ("PNG", "WEBP") for mode in ("RGB", "RGBA", "P")
)])  # fmt: skip
def test_colours_follow_the_colour_profile(kind: str, mode: str) -> None:
    picture = sanitize(encode(halves(mode), kind, icc_profile=swapped_profile()))
    blue = opened(picture).convert("RGB").getpixel((10, 20))
    assert isinstance(blue, tuple)
    assert blue[0] < 80
    assert blue[2] > 180
    assert_bare(picture)


def text() -> PngInfo:
    info = PngInfo()
    info.add_text("Comment", SECRET.decode())
    info.add_text("Author", SECRET.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET.decode()}</x>")
    info.add(b"prVt", SECRET)
    return info


def with_text_after_pixels(file: bytes) -> bytes:
    """Add a secret after the pixel data of a PNG."""
    return file[:-12] + png_chunk(b"tEXt", b"Comment\0" + SECRET) + file[-12:]


def with_iptc(file: bytes) -> bytes:
    data = b"Photoshop 3.0\x008BIM\x04\x04" + SECRET
    return file[:2] + b"\xff\xed" + struct.pack(">H", len(data) + 2) + data + file[2:]


def with_xmp(gif: bytes) -> bytes:
    start = 13 + (3 << (gif[10] & 7) + 1)
    block = b"!\xff\x0bXMP DataXMP" + bytes([len(SECRET)]) + SECRET + b"\0"
    return gif[:start] + block + gif[start:]


MOVING = [halves(), halves().transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
SAME = {
    "JPEG": (
        encode(halves(), "JPEG"),
        with_iptc(
            encode(halves(), "JPEG", exif=exif(1), comment=SECRET, xmp=SECRET, dpi=(300, 300))
        ),
    ),
    "PNG": (
        encode(halves(), "PNG"),
        with_text_after_pixels(
            encode(halves(), "PNG", exif=exif(1), pnginfo=text(), dpi=(300, 300))
        ),
    ),
    "WEBP": (
        encode(halves(), "WEBP"),
        encode(halves(), "WEBP", exif=exif(1), xmp=SECRET),
    ),
    "GIF": (encode(halves(), "GIF"), with_xmp(encode(halves(), "GIF", comment=SECRET))),
    "moving GIF": (
        animation("GIF", MOVING, loop=0),
        with_xmp(animation("GIF", MOVING, loop=0, comment=SECRET)),
    ),
    "moving WEBP": (
        animation("WEBP", MOVING),
        animation("WEBP", MOVING, exif=exif(1), xmp=SECRET, background=(1, 2, 3, 4)),
    ),
    "moving PNG": (
        animation("PNG", MOVING),
        with_text_after_pixels(animation("PNG", MOVING, exif=exif(1), pnginfo=text())),
    ),
}


@pytest.mark.parametrize("kind", SAME)
def test_images_that_differ_only_in_their_metadata_become_the_same(kind: str) -> None:
    bare, laden = SAME[kind]
    assert SECRET in laden
    picture = sanitize(laden)
    assert_bare(picture)
    assert picture == sanitize(bare)


@pytest.mark.parametrize(
    ("kind", "loop", "kept"),
    [
        # A GIF states the number of repetitions, if it repeats at all.
        ("GIF", None, 1), ("GIF", 0, 0), ("GIF", 1, 2), ("GIF", 65_535, 65_535),
        ("WEBP", 0, 0), ("WEBP", 3, 3), ("PNG", 0, 0), ("PNG", 3, 3), ("PNG", 70_000, 65_535),
    ],
)  # fmt: skip
def test_an_animation_keeps_its_frames_durations_and_loops(
    kind: str, loop: int | None, kept: int
) -> None:
    images = [Image.new("RGB", (60, 40), colour) for colour in ("red", "lime", "blue", "white")]
    options = {} if loop is None else {"loop": loop}
    data = animation(kind, images, duration=[100, 40, 2000, 20], **options)
    picture = sanitize(data)
    assert (picture.extension, picture.is_animated) == ("webp", True)
    assert (picture.width, picture.height) == (60, 40)
    found = frames(picture.data)
    assert [duration for _, duration in found] == [100, 40, 2000, 20]
    assert all(
        difference(frame, image.convert("RGBA")) < 9
        for (frame, _), image in zip(found, images, strict=True)
    )
    assert opened(picture).info["loop"] == kept
    assert_bare(picture)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_keeps_its_transparency(kind: str) -> None:
    images = [Image.new("RGBA", (60, 40), colour) for colour in ("red", "lime")]
    for image, x in zip(images, (10, 40), strict=True):
        image.paste((0, 0, 0, 0), (x, 10, x + 10, 30))
    options = {} if kind == "WEBP" else {"disposal": 2 if kind == "GIF" else 1}
    found = frames(sanitize(animation(kind, images, **options)).data)
    alphas = [frame.getchannel("A") for frame, _ in found]
    clear = [[alpha.getpixel((x, 20)) for x in (15, 45)] for alpha in alphas]
    assert clear == [[0, 255], [255, 0]]


def test_the_default_image_of_an_animation_is_not_one_of_its_frames() -> None:
    images = [Image.new("RGB", (60, 40), colour) for colour in ("red", "lime", "blue")]
    found = frames(sanitize(animation("PNG", images, default_image=True, duration=[70, 90])).data)
    assert [duration for _, duration in found] == [70, 90]
    assert difference(found[0][0], images[1].convert("RGBA")) < 9
    still = sanitize(animation("PNG", images[:2], default_image=True))
    assert (still.extension, still.is_animated) == ("png", False)


def test_frames_that_are_too_short_for_browsers_are_lengthened() -> None:
    assert [frame[1] for frame in frames(sanitize(animation("GIF", MOVING, duration=10)).data)] == [
        100,
        100,
    ]


def test_the_background_of_a_gif_may_be_missing_from_its_palette() -> None:
    data = bytearray(animation("GIF", MOVING))
    data[11] = 200
    assert sanitize(bytes(data)).is_animated


def test_a_frame_of_a_gif_may_be_larger_than_its_canvas() -> None:
    data = animation("GIF", [Image.new("RGB", (20, 20), "red"), Image.new("RGB", (20, 20), "lime")])
    canvas = data[:6] + struct.pack("<HH", 10, 10) + data[10:]
    assert sanitize(canvas).is_animated


def test_an_animation_in_16_bit_grey_keeps_its_brightness() -> None:
    chunks = [png_chunk(b"acTL", struct.pack(">II", 2, 0))]
    for number, value in ((0, 0x80), (1, 0x30)):
        control = struct.pack(">IIIIIHHBB", number, 8, 8, 0, 0, 1, 10, 0, 0)
        data = zlib.compress((b"\0" + bytes([value, 0]) * 8) * 8)
        kind, data = (b"fdAT", struct.pack(">I", 2) + data) if number else (b"IDAT", data)
        chunks += [png_chunk(b"fcTL", control), png_chunk(kind, data)]
    found = frames(sanitize(png((8, 8), *chunks, bits=16, colour=0)).data)
    greys = [frame.convert("L").getpixel((4, 4)) for frame, _ in found]
    assert greys == [pytest.approx(0x80, abs=4), pytest.approx(0x30, abs=4)]


def test_a_large_webp_is_stored_in_another_format() -> None:
    assert sanitize(encode(Image.new("RGB", (3001, 2000)), "WEBP", method=0)).extension == "jpg"
    assert sanitize(encode(Image.new("RGBA", (3001, 2000)), "WEBP", method=0)).extension == "png"


def test_unknown_chunks_are_left_out() -> None:
    data = encode(halves(), "WEBP")
    length = struct.unpack("<I", data[16:20])[0]
    flags = struct.pack("<I", 0) + struct.pack("<I", 59)[:3] + struct.pack("<I", 39)[:3]
    laden = riff((b"VP8X", flags), (b"VP8 ", data[20 : 20 + length]), (b"SECR", SECRET))
    assert_bare(sanitize(laden))
    assert sanitize(laden) == sanitize(data)
