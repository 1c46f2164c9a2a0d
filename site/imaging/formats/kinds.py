"""What kind of file some bytes are."""

import re

from imaging.errors import ImageError, Reason

BOX_TYPE, BRAND = slice(4, 8), slice(8, 12)
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
AVIF_BRANDS = {b"avif", b"avis"}
READ = {
    "JPEG": rb"\xff\xd8\xff",
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "GIF": rb"GIF8[79]a",
    "WEBP": rb"RIFF....WEBP",
}
# What may stand in front of the first tag. Without atomic groups, which never try a second way,
# the time to match would be exponential.
PROLOG = rb"(?:\xef\xbb\xbf)?(?>\s|<\?.*?\?>|<!--.*?-->|<!doctype\s+svg[^>\[]*(?:\[.*?\]\s*)?>)*+"
NOT_READ = {
    Reason.ARCHIVE: rb"PK\x03\x04|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x1f\x8b|BZh[1-9]|\xfd7zXZ\0",
    Reason.BMP: rb"BM.{8}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0",
    Reason.ICON: rb"\0\0[\x01\x02]\0[^\0]|icns",
    Reason.JPEG_2000: rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51",
    Reason.JPEG_XL: rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n",
    Reason.PDF: rb".{0,1000}?%PDF-\d",
    Reason.PHOTOSHOP: rb"8BPS",
    Reason.POSTSCRIPT: rb"%!PS|\xc5\xd0\xd3\xc6",
    Reason.RAW: rb"....ftypcrx |FUJIFILMCCD-RAW|(?:II|MM)(?:\*\0|\0\*)....CR|IIU\0|IIR[OS]",
    Reason.SOUND: rb"RIFF....WAVE|ID3|OggS|fLaC|\xff[\xf3\xfb]|....ftypM4A",
    Reason.SVG: PROLOG + rb"<(?:\w+:)?svg[\s>/:]",
    Reason.TIFF: rb"II[*+]\0|MM\0[*+]",
    Reason.VIDEO: rb"RIFF....AVI |\x1aE\xdf\xa3|FLV\x01|\0\0\x01[\xb3\xba]|....ftyp"
    rb"|....(?:moov|mdat|wide|free)|0&\xb2u\x8ef\xcf\x11",
    Reason.WEB_PAGE: PROLOG + rb"<(?:!doctype\s+html|html|head|body)\b",
}


def kind_of(data: bytes) -> str:
    """Return the name of a format that Magpie reads; ImageError for every other kind of file."""
    start = data[:4096]
    for kind, pattern in READ.items():
        if re.match(pattern, start, re.DOTALL):
            return kind
    if kind := _kind_of_boxes(start):
        return kind
    for reason, pattern in NOT_READ.items():
        if re.match(pattern, start, re.DOTALL | re.IGNORECASE):
            raise ImageError(reason)
    raise ImageError(Reason.NOT_AN_IMAGE)


def _kind_of_boxes(start: bytes) -> str:
    """Return "AVIF" or "HEIC" if the first box of a file names a brand of these formats."""
    if start[BOX_TYPE] != b"ftyp":
        return ""
    end = min(int.from_bytes(start[:4]), len(start))
    brands = {start[at : at + 4] for at in [8, *range(16, end, 4)]}
    # Files of both brands exist. The first brand wins.
    if start[BRAND] in HEIC_BRANDS or (brands & HEIC_BRANDS and not brands & AVIF_BRANDS):
        return "HEIC"
    return "AVIF" if brands & AVIF_BRANDS else ""
