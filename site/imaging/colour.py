"""Convert images to sRGB, from a colour profile or from what a file says about its colours."""

import io
import struct
from contextlib import suppress
from functools import cache

from PIL import Image, ImageCms

type Matrix = list[list[float]]

# The modes of images to which profiles of each colour space apply. Browsers ignore all others.
MODES = {b"RGB ": {"RGB", "RGBA"}, b"GRAY": {"L", "LA"}, b"CMYK": {"CMYK"}}
# Chromaticities of white, red, green and blue, by their number in ITU-T H.273.
SRGB_WHITE = (0.3127, 0.3290)
PRIMARIES = {
    1: (*SRGB_WHITE, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06),
    5: (*SRGB_WHITE, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: (*SRGB_WHITE, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    7: (*SRGB_WHITE, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    9: (*SRGB_WHITE, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    12: (*SRGB_WHITE, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
}
# Transfer functions by their number in H.273, as parameters of an ICC curve: gamma, a, b, c, d.
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
CURVES: dict[int, tuple[float, ...]] = {4: (2.2,), 5: (2.8,), 8: (1.0,), 13: SRGB_CURVE}
# Browsers show a PNG with the transfer function of television as television does.
SRGB_TRANSFER, TELEVISION = 13, {1, 6, 14, 15}
CURVES |= dict.fromkeys(TELEVISION, (2.4,))
D50 = (0.9642, 1.0, 0.8249)
BRADFORD = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]


def in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return an image as L, RGB or RGBA in sRGB. A profile that does not fit is ignored."""
    if image.mode not in MODES.get(profile[16:20], ()):
        profile = b""
    if image.mode == "LA":
        grey, alpha = image.split()
        coloured = in_srgb(grey, profile).convert("RGB")
        coloured.putalpha(alpha)
        return coloured
    if profile:
        # Browsers ignore a profile that cannot be used.
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            image = _converted(image, profile)
    return image.convert("RGB") if image.mode == "CMYK" else image


def _converted(image: Image.Image, profile: bytes) -> Image.Image:
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    srgb = ImageCms.createProfile("sRGB")
    if image.mode in {"RGB", "RGBA"}:
        image.load()
        ImageCms.profileToProfile(image, source, srgb, inPlace=True)
        return image
    return ImageCms.profileToProfile(image, source, srgb, outputMode="RGB") or image


def coded_profile(primaries: int, transfer: int) -> bytes:
    """Return a profile for numbers of H.273, or none for sRGB and what is not known."""
    if (primaries, transfer) == (1, SRGB_TRANSFER):
        return b""
    if primaries not in PRIMARIES or transfer not in CURVES:
        return b""
    return profile_of(PRIMARIES[primaries], CURVES[transfer])


def photo_profile(primaries: int, transfer: int) -> bytes:
    """Return a profile for the numbers in a photo, which names the curve of television for sRGB."""
    return coded_profile(primaries, SRGB_TRANSFER if transfer in TELEVISION else transfer)


@cache
def profile_of(chromaticities: tuple[float, ...], curve: tuple[float, ...]) -> bytes:
    """Return an ICC profile; b"" if the chromaticities make no sense."""
    try:
        matrix = _matrix(*zip(chromaticities[::2], chromaticities[1::2], strict=True))
    except ZeroDivisionError:
        return b""
    kind = 3 if len(curve) > 1 else 0
    parameters = struct.pack(f">{len(curve)}i", *(round(value * 65536) for value in curve))
    tone = b"para" + struct.pack(">IHH", 0, kind, 0) + parameters
    tags = {b"wtpt": _xyz(D50)}
    for name, column in zip((b"r", b"g", b"b"), zip(*matrix, strict=True), strict=True):
        tags |= {name + b"XYZ": _xyz(column), name + b"TRC": tone}
    table, body = b"", b""
    for name, data in tags.items():
        table += name + struct.pack(">II", 132 + 12 * len(tags) + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    size = 132 + len(table) + len(body)
    head = struct.pack(">I4xI12s12x4s", size, 0x04200000, b"mntrRGB XYZ ", b"acsp") + bytes(28)
    return head + _xyz(D50)[8:] + bytes(48) + struct.pack(">I", len(tags)) + table + body


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))


def _matrix(white: tuple[float, float], *primaries: tuple[float, float]) -> Matrix:
    """Return the matrix from linear RGB to XYZ under the white of profiles, D50."""
    columns = _transposed([[x / y, 1.0, (1 - x - y) / y] for x, y in primaries])
    white_xyz = [white[0] / white[1], 1.0, (1 - sum(white)) / white[1]]
    scale = _applied(_inverse(columns), white_xyz)
    matrix = [[value * factor for value, factor in zip(row, scale, strict=True)] for row in columns]
    cones, wanted = _applied(BRADFORD, white_xyz), _applied(BRADFORD, list(D50))
    gains = [[0.0] * 3 for _ in range(3)]
    for at in range(3):
        gains[at][at] = wanted[at] / cones[at]
    return _product(_inverse(BRADFORD), _product(gains, _product(BRADFORD, matrix)))


def _transposed(matrix: Matrix) -> Matrix:
    return [list(row) for row in zip(*matrix, strict=True)]


def _applied(matrix: Matrix, vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def _product(one: Matrix, other: Matrix) -> Matrix:
    return _transposed([_applied(one, column) for column in _transposed(other)])


def _inverse(matrix: Matrix) -> Matrix:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    adjugate = [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ]
    determinant = a * adjugate[0][0] + b * adjugate[1][0] + c * adjugate[2][0]
    return [[value / determinant for value in row] for row in adjugate]
