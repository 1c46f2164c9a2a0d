"""The one thing that matters in Exif data: which way is up."""

import struct

ORIENTATION, SHORT = 0x0112, 3
ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


def orientation_of(exif: bytes) -> int:
    """Return the orientation, from 1 to 8. Like browsers, take it only from the first directory."""
    order = ORDERS.get(exif[:4])
    if not order or len(exif) < 10:
        return 1
    (start,) = struct.unpack_from(f"{order}I", exif, 4)
    count = int.from_bytes(exif[start : start + 2], "little" if order == "<" else "big")
    for at in range(start + 2, start + 2 + 12 * count, 12):
        if at + 12 > len(exif):
            break
        tag, kind, length, value = struct.unpack_from(f"{order}HHIH", exif, at)
        if (tag, kind, length) == (ORIENTATION, SHORT, 1):
            return int(value) if 1 <= value <= 8 else 1
    return 1
