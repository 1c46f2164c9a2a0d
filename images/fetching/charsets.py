"""Decode web pages, whatever their charset."""

import codecs
import re
from contextlib import suppress

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# The charsets of the Encoding Standard, by their names in Python.
CHARSETS = {
    *"utf-8 utf-16-le utf-16-be koi8-r koi8-u mac-cyrillic mac-roman cp866 cp874 cp932".split(),
    *"big5hkscs cp949 euc_jp gb18030 iso2022_jp".split(),
    *(f"cp{number}" for number in range(1250, 1259)),
    *(f"iso8859-{number}" for number in (*range(2, 9), 10, 13, 14, 15, 16)),
}
# Browsers read these charsets as larger ones.
LARGER = {
    **dict.fromkeys(("ascii", "iso8859-1"), "cp1252"),
    **dict.fromkeys(("iso8859-11", "tis-620"), "cp874"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "utf-16": "utf-16-le",
}
# Labels that Python does not know.
ALIASES = {
    **{f"x-cp{number}": f"cp{number}" for number in range(1250, 1259)},
    "iso-8859-8-i": "iso8859-8",
    "unicode": "utf-16-le",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "windows-949": "cp949",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gb18030",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-sjis": "cp932",
    "x-x-big5": "big5hkscs",
}
DECLARED = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE | re.ASCII)
COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
META = re.compile(rb"<meta[\s/][^>]{0,1000}", re.IGNORECASE)
XML = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
# The standard looks at 1024 bytes. Some pages have a long comment before their head.
MAX_SEARCHED = 16 * 1024


def decode_page(body: bytes, content_type: str = "") -> tuple[str, str]:
    """Return the text of a page and its charset: that of its mark, its header or its tags."""
    for mark, charset in BYTE_ORDER_MARKS.items():
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, errors="replace"), charset
    charset = _declared(content_type) or _utf_16(body) or _in_tags(body) or _guessed(body)
    return body.decode(charset, errors="replace"), charset


def _declared(text: str) -> str:
    declared = DECLARED.search(text)
    return _known(declared[1]) if declared else ""


def _known(label: str) -> str:
    """Return the codec for a label, or "". Python's other codecs are not for web pages."""
    label = label.strip().lower()
    with suppress(LookupError):
        name = codecs.lookup(ALIASES.get(label, label)).name
        name = LARGER.get(name, name)
        return name if name in CHARSETS else ""
    return ""


def _utf_16(body: bytes) -> str:
    start = body[:200].lstrip(b" \t\r\n\0")[:1] == b"<" and body[:2]
    return {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}.get(start or b"", "")


def _in_tags(body: bytes) -> str:
    start = COMMENT.sub(b"", body[:MAX_SEARCHED])
    for meta in META.findall(start):
        if charset := _declared(meta.decode("latin-1")):
            # The tag could be read, so this cannot be true.
            return "utf-8" if charset.startswith("utf-16") else charset
    xml = XML.match(start)
    return _known(xml[1].decode("ascii")) if xml else ""


def _guessed(body: bytes) -> str:
    try:
        # A character may be cut at the end.
        codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
