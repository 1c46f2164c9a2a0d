"""What a PNG says about its colours."""

import struct
import zlib

from imaging import colour

# Real profiles have up to 4 MB. Browsers read much longer ones, but their end is padding.
MAX_PROFILE = 8 * 1024 * 1024
# Browsers apply a gamma without chromaticities only if it differs this much from that of screens.
SCREEN_GAMMA, LEAST_DIFFERENCE = 2.2, 0.05
MAX_GAMMA = 100


def profile_of(chunks: dict[bytes, bytes]) -> tuple[bytes, bool]:
    """Return the colour profile of a PNG, b"" for sRGB, and whether it is for grey pixels too.

    An embedded profile is only for pixels of its own kind.
    """
    if len(coded := chunks.get(b"cICP", b"")) == 4:
        return colour.coded_profile(coded[0], coded[1]), True
    if profile := _embedded(chunks.get(b"iCCP", b"")):
        return profile, False
    if len(chunks.get(b"sRGB", b"")) == 1:
        return b"", False
    return _from_gamma(chunks.get(b"gAMA", b""), chunks.get(b"cHRM", b"")), True


def _embedded(chunk: bytes) -> bytes:
    _name, _, rest = chunk.partition(b"\0")
    if not rest:
        return b""
    try:
        profile = zlib.decompressobj().decompress(rest[1:], MAX_PROFILE)
    except zlib.error:
        return b""
    length = int.from_bytes(profile[:4])
    return profile[:length] if profile[36:40] == b"acsp" and length <= len(profile) else b""


def _from_gamma(gamma: bytes, chromaticities: bytes) -> bytes:
    if len(gamma) != 4 or not (value := int.from_bytes(gamma)):
        return b""
    encoded = value / 100_000
    if len(chromaticities) == 32:
        numbers = (number / 100_000 for number in struct.unpack(">8I", chromaticities))
        return colour.profile_of(tuple(numbers), (min(1 / encoded, MAX_GAMMA),))
    if abs(encoded * SCREEN_GAMMA - 1) < LEAST_DIFFERENCE:
        return b""
    return colour.profile_of(colour.PRIMARIES[1], (min(1 / encoded, MAX_GAMMA),))
