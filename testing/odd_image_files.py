"""Still images of kinds that decoders often show wrongly."""

import struct
import zlib
from collections.abc import Callable, Iterator

from PIL import Image

from testing.crafted_image_files import pixels, png, png_chunk
from testing.image_files import encode, swapped_profile

type Pixel = Callable[[int, int], tuple[int, ...]]

SIZE = WIDTH, HEIGHT = 120, 80
GREY, COLOUR, PALETTE, GREY_ALPHA, COLOUR_ALPHA = 0, 2, 3, 4, 6
GREYS = (20, 90, 160, 230)
COLOURS = [(20, 90, 160), (200, 60, 30), (40, 180, 60), (60, 60, 230)]
# White, red, green and blue of common screens, and of wider ones.
SRGB = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
WIDE = (31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)


def column(x: int) -> int:
    """Return in which quarter of the width a pixel is."""
    return x * 4 // WIDTH


def rows(pixel: Pixel, bits: int = 8, size: tuple[int, int] = SIZE) -> bytes:
    """Return the pixels of a PNG before compression."""
    data = bytearray()
    for y in range(size[1]):
        data.append(0)
        values = [value for x in range(size[0]) for value in pixel(x, y)]
        if bits == 16:
            data += struct.pack(f">{len(values)}H", *values)
        else:
            number = 0
            for value in values:
                number = number << bits | value
            data += number.to_bytes(len(values) * bits // 8)
    return bytes(data)


def grey_png(*chunks: bytes, bits: int = 8) -> bytes:
    top = (1 << bits) - 1
    data = rows(lambda x, _: (GREYS[column(x)] * top // 255,), bits)
    return png(SIZE, *chunks, pixels(data), bits=bits, colour=GREY)


def colour_png(*chunks: bytes) -> bytes:
    return png(SIZE, *chunks, pixels(rows(lambda x, _: COLOURS[column(x)])))


def palette_png(*chunks: bytes, bits: int = 8, colours: int = 4) -> bytes:
    palette = bytes(value for colour in COLOURS[:colours] for value in colour)
    data = rows(lambda x, _: (column(x) % (1 << bits),), bits)
    return png(
        SIZE, *chunks[:1], png_chunk(b"PLTE", palette), *chunks[1:], pixels(data),
        bits=bits, colour=PALETTE,
    )  # fmt: skip


def alpha_png(*chunks: bytes, bits: int = 8, colour: int = COLOUR_ALPHA) -> bytes:
    unit = 257 if bits == 16 else 1

    def pixel(x: int, y: int) -> tuple[int, ...]:
        colours = (2 * x, 3 * y, 99) if colour == COLOUR_ALPHA else (2 * x,)
        return tuple(value * unit for value in (*colours, column(x) * 85))

    return png(SIZE, *chunks, pixels(rows(pixel, bits)), bits=bits, colour=colour)


def gamma(value: int) -> bytes:
    return png_chunk(b"gAMA", struct.pack(">I", value))


def chromaticities(values: tuple[int, ...]) -> bytes:
    return png_chunk(b"cHRM", struct.pack(">8I", *values))


def profile(data: bytes) -> bytes:
    return png_chunk(b"iCCP", b"x\0\0" + zlib.compress(data))


def grey_profile(exponent: float) -> bytes:
    """Return a profile for grey pixels."""
    curve = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(exponent * 256))
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    tags = struct.pack(">I4sII4sII", 2, b"wtpt", 156, 20, b"kTRC", 176, 16)
    kind = struct.pack(">I4xI12s12x4s", 192, 0x02100000, b"mntrGRAYXYZ ", b"acsp")
    return (kind + bytes(28) + white[8:]).ljust(128, b"\0") + tags + white + curve


def exif(orientation: int, kind: int = 3) -> bytes:
    value = struct.pack("<HH", orientation, 0) if kind == 3 else struct.pack("<I", orientation)
    return b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHI", 0x112, kind, 1) + value + bytes(4)


def with_wrong_checksum(file: bytes, kind: bytes) -> bytes:
    start = file.index(kind)
    end = start + 4 + struct.unpack(">I", file[start - 4 : start])[0]
    return file[:end] + bytes([file[end] ^ 255]) + file[end + 1 :]


def transparent_greys() -> Iterator[tuple[str, bytes]]:
    for bits in (1, 2, 4, 8, 16):
        top = (1 << bits) - 1
        for share in (0, 90, 230):
            key = struct.pack(">H", share * top // 255)
            data = grey_png(png_chunk(b"tRNS", key), bits=bits)
            yield f"grey of {bits} bits with {share} transparent", data
    data = rows(lambda x, _: ((0x1234, 0x12FF, 0x1300, 0x8000)[column(x)],), 16)
    near = png(SIZE, png_chunk(b"tRNS", b"\x12\x34"), pixels(data), bits=16, colour=GREY)
    yield "grey of 16 bits with a neighbour of the transparent one", near


def colours_of_png() -> Iterator[tuple[str, bytes]]:
    makers = {"grey": grey_png, "colour": colour_png, "palette": palette_png, "alpha": alpha_png}
    wide, linear = chromaticities(WIDE), gamma(100_000)
    said = {
        "linear": (linear,),
        "gamma of a screen": (gamma(45_455),),
        "gamma a little lower": (gamma(43_000),),
        "gamma and chromaticities": (gamma(45_455), chromaticities(SRGB)),
        "gamma and wide chromaticities": (gamma(55_556), wide),
        "chromaticities alone": (wide,),
        "gamma and sRGB": (linear, png_chunk(b"sRGB", b"\0")),
        "gamma and profile": (linear, profile(swapped_profile())),
        "gamma and a broken profile": (linear, profile(b"junk" * 50)),
        "profile in grey": (profile(grey_profile(1.0)),),
        "profile and padding": (profile(swapped_profile() + bytes(2_000_000)),),
        "code of wide colours": (png_chunk(b"cICP", bytes([12, 13, 0, 1])),),
        "code of television": (png_chunk(b"cICP", bytes([1, 1, 0, 1])),),
        "gamma of nothing": (gamma(0),),
    }
    for name, chunks in said.items():
        for kind, make in makers.items():
            yield f"{kind} with {name}", make(b"".join(chunks))
    yield "grey and alpha with a profile", alpha_png(profile(grey_profile(1.0)), colour=GREY_ALPHA)
    yield "gamma with a wrong checksum", with_wrong_checksum(colour_png(linear), b"gAMA")
    yield (
        "profile with a wrong checksum",
        with_wrong_checksum(colour_png(profile(swapped_profile())), b"iCCP"),
    )


def odd_pngs() -> Iterator[tuple[str, bytes]]:
    for bits in (1, 2, 4, 8):
        yield f"palette of {bits} bits", palette_png(bits=bits, colours=min(4, 1 << bits))
    yield "short palette", palette_png(colours=2)
    yield "transparent palette", palette_png(b"", png_chunk(b"tRNS", bytes([0, 128])))
    for bits in (8, 16):
        for colour in (GREY_ALPHA, COLOUR_ALPHA):
            yield f"alpha {colour} of {bits} bits", alpha_png(bits=bits, colour=colour)
    clear = png_chunk(b"tRNS", struct.pack(">HHH", *COLOURS[1]))
    yield "transparent colour", colour_png(clear)
    yield (
        "transparent colour with a wrong checksum",
        with_wrong_checksum(colour_png(clear), b"tRNS"),
    )
    file = colour_png()
    yield "no end", file[:-12]
    yield "no checksum at all", file[:-20]
    yield "wrong checksum of the end", with_wrong_checksum(file, b"IEND")
    yield "junk between", file[:-12] + bytes(range(99)) + file[-12:]
    for kind in (b"pHYs", b"tIME", b"bKGD", b"sRGB", b"cHRM", b"eXIf", b"iCCP", b"acTL", b"zTXt"):
        yield f"short {kind.decode()}", colour_png(png_chunk(kind, b"\1"))
    data = zlib.compress(rows(lambda x, _: COLOURS[column(x)]))
    yield "wrong sum of the pixels", png(SIZE, png_chunk(b"IDAT", data[:-4] + b"junk"))
    parts = [png_chunk(b"IDAT", data[at : at + 9]) for at in range(0, len(data), 9)]
    yield "pixels in many chunks", png(SIZE, *parts)


def turned() -> Iterator[tuple[str, bytes]]:
    image = Image.new("RGB", SIZE, "red")
    image.paste("blue", (0, 0, 66, 20))
    for orientation in (2, 3, 5, 6, 8, 9):
        data = exif(orientation)
        yield f"PNG turned by {orientation}", colour_png(png_chunk(b"eXIf", data))
        for kind in ("JPEG", "WEBP", "AVIF"):
            prefix = b"Exif\0\0" if kind == "JPEG" else b""
            yield f"{kind} turned by {orientation}", encode(image, kind, exif=prefix + data)
    yield "PNG turned behind its pixels", colour_png()[:-12] + png_chunk(b"eXIf", exif(6))
    yield "PNG turned by a long", colour_png(png_chunk(b"eXIf", exif(6, 4)))
    yield "JPEG turned by a long", encode(image, "JPEG", exif=b"Exif\0\0" + exif(6, 4))
