"""Which files are web pages."""

import pytest

from images.fetching.web_page import is_web_page
from testing.image_files import image_file

MB = 1024 * 1024


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html>",
        b"<!DOCTYPE HTML PUBLIC ''><p>",
        b"\xef\xbb\xbf\r\n <html lang=en>",
        b"<!-- a --><head>",
        b"<meta charset=utf-8><p>",
        b"<p>a<img src=b>",
        b"<?xml version='1.0'?><html xmlns=''>",
        b"<?xml version='1.0'?>\n<!-- a -->\n<!doctype html>",
        b"<!--><p>-->",
        b"<!doctype html><!-- " + b"x" * MB,
        b"<!-- " + b"x" * MB + b"--><html>",
        b"<html>" + b"x" * MB,
        b"<div><p>a</p></div>",
        b"<center>",
        b"<a href=/>a</a>",
        b"\xff\xfe" + "<!doctype html>".encode("utf-16-le"),
        "<!doctype html>".encode("utf-16-be"),
    ],
)
def test_web_pages_are_recognized(body: bytes) -> None:
    assert is_web_page(body)


@pytest.mark.parametrize("kind", ["text/html", "Text/HTML; charset=utf-8", "application/xhtml+xml"])
def test_a_text_that_is_sent_as_a_web_page_is_one(kind: str) -> None:
    assert is_web_page(b"Hello <img src=a.png>", kind)
    assert is_web_page("Hello".encode("utf-16-le"), f"{kind.partition(';')[0]}; charset=utf-16")
    assert is_web_page(b"Hello\0 <img src=a.png>", kind)
    for image in ("JPEG", "PNG", "GIF", "WEBP"):
        assert not is_web_page(image_file(kind=image), kind)
    assert not is_web_page(b"Hello <img src=a.png>", "text/plain")


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<", b"plain", b"{}", b"<svg xmlns=''><title>a</title></svg>", b"<imgx>"),
        *(image_file(kind=kind) for kind in ("JPEG", "PNG", "GIF", "WEBP")),
        b"GIF89a<html>",
        b"<!-- a --><svg xmlns=''></svg>",
        b"<?xml version='1.0'?><svg xmlns=''><title>a</title></svg>",
        *(b"<" * MB, b"<!--" * MB, b"\0" * MB),
    ],
)
def test_other_files_are_not_web_pages(body: bytes) -> None:
    assert not is_web_page(body)
