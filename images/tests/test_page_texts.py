"""What a web page says about itself, in any charset."""

import codecs

import pytest

from images.fetching.addresses import Address
from images.fetching.web_page import WebPage, read_page


def read(
    html: str | bytes, content_type: str = "", url: str = "https://www.birds.test/a"
) -> WebPage:
    body = html.encode() if isinstance(html, str) else html
    return read_page(body, Address.parse(url), content_type)


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>A bird</title>", "A bird"),
        ("<TITLE lang=en>\n A&nbsp;bird &amp; a\tnest</TITLE>", "A bird & a nest"),
        ("<title>A bird", "A bird"),
        ("<title></title><title>A bird</title>", "A bird"),
        ("<title>a</title><title>b</title>", "a"),
        ("<svg><title>Menu</title></svg><title>A bird</title>", "A bird"),
        ("<svg><title>Menu</title></svg>", ""),
        ("<meta property=og:title content='A bird'><title>b</title>", "A bird"),
        ("<meta name=twitter:title content=c><meta property=og:title content='A bird'>", "A bird"),
        ("<meta name=twitter:title content='A bird'><title>b</title>", "A bird"),
        ("<meta property=og:title content=' '><title>A bird</title>", "A bird"),
        ("", ""),
        (f"<title>{'a' * 5000}</title>", "a" * 1000),
    ],
)
def test_the_title_of_a_page_is_found(html: str, title: str) -> None:
    assert read(html).title == title


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("A bird - The Daily Bird", "A bird"),
        ("A bird | the daily bird", "A bird"),
        ("A bird – Nests – The Daily Bird", "A bird – Nests"),
        ("A bird: The Daily Bird", "A bird"),
        ("A bird — Birds", "A bird"),
        ("A bird · birds.test", "A bird"),
        ("A bird|www.birds.test", "A bird"),
        ("A bird - Nests", "A bird - Nests"),
        ("A blue-footed booby", "A blue-footed booby"),
        ("The Daily Bird", "The Daily Bird"),
        ("The Daily Bird - A bird", "The Daily Bird - A bird"),
        ("| The Daily Bird", "| The Daily Bird"),
        ("Birds: test", "Birds: test"),
    ],
)
def test_a_title_does_not_end_with_the_name_of_the_site(typed: str, title: str) -> None:
    site = "<meta property=og:site_name content='The Daily Bird'>"
    assert read(f"{site}<title>{typed}</title>").title == title


def test_a_page_has_a_description_a_site_and_an_author() -> None:
    page = read(
        "<meta name=description content=b><meta property=og:description content='Blue &amp; small'>"
        "<meta property=og:site_name content='The Daily  Bird'><meta name=Author content='Ana S.'>"
    )
    assert page.description == "Blue & small"
    assert page.site_name == "The Daily Bird"
    assert page.author == "Ana S."
    assert page.url == "https://www.birds.test/a"


@pytest.mark.parametrize(
    ("html", "author"),
    [
        ("<meta property=article:author content='Ana S.'>", "Ana S."),
        ("<meta property=article:author content=https://birds.test/ana>", ""),
        ('<script type=application/ld+json>{"author": {"name": "Ana S."}}</script>', "Ana S."),
        ('<script type=application/ld+json>{"author": [{"name": "Ana"}, "Ben"]}</script>', "Ana"),
        ('<script type=application/ld+json>{"creator": "Ana S."}</script>', "Ana S."),
        # Half of an emoji, which cannot be sent as UTF-8.
        (r'<script type=application/ld+json>{"author": "Ana S. \ud83d"}</script>', "Ana S."),
    ],
)
def test_the_author_is_a_name(html: str, author: str) -> None:
    assert read(html).author == author


RUSSIAN, JAPANESE, FRENCH = "Птица", "鳥 表示ソ", "Élan à"


@pytest.mark.parametrize(
    ("charset", "label", "title"),
    [
        ("utf-8", "utf-8", RUSSIAN + JAPANESE),
        ("cp1251", "windows-1251", RUSSIAN),
        ("cp1251", "CP1251", RUSSIAN),
        ("koi8-r", "koi8-r", RUSSIAN),
        ("cp932", "shift_jis", JAPANESE),
        ("cp932", "x-sjis", JAPANESE),
        ("euc_jp", "euc-jp", JAPANESE),
        ("iso2022_jp", "iso-2022-jp", JAPANESE),
        ("gb18030", "gb2312", "鸟"),
        ("big5", "big5", "鳥"),
        ("cp949", "euc-kr", "새"),
        ("cp1252", "iso-8859-1", "Élan “à”"),
        ("iso8859-2", "iso-8859-2", "Ptáček ů"),
    ],
)
def test_a_page_is_read_in_its_charset(charset: str, label: str, title: str) -> None:
    html = f"<title>{title}</title><img src='/{title}.png'>"
    meta = f'<!-- a --><meta charset="{label}">'
    old = f"<META http-equiv=Content-Type content='text/html; charset={label}'>"
    wrong = "<meta charset=iso-8859-5>"
    for text, kind in (
        (html, f"text/html; charset={label}"),
        (html, f'text/html;charset="{label}"'),
        (wrong + html, f"text/html; charset={label}"),
        (meta + html, ""),
        (meta + html, "text/html"),
        (meta + html, "text/html; charset=unheard-of"),
        (old + html, "text/html"),
        (f"<?xml version='1.0' encoding='{label}'?>{html}", ""),
    ):
        page = read(text.encode(charset), kind)
        assert page.title == title
        assert page.pictures == read(html).pictures


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_a_page_in_utf_16_is_read(charset: str) -> None:
    html = f"<!doctype html><meta charset=utf-8><title>{JAPANESE}</title>"
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[charset]
    assert read(mark + html.encode(charset), "text/html; charset=utf-8").title == JAPANESE
    assert read(html.encode(charset), f"text/html; charset={charset}").title == JAPANESE
    assert read(html.encode(charset)).title == JAPANESE


def test_a_byte_order_mark_wins() -> None:
    html = codecs.BOM_UTF8 + f"<meta charset=cp1251><title>{FRENCH}</title>".encode()
    assert read(html, "text/html; charset=shift_jis").title == FRENCH


@pytest.mark.parametrize("label", ["hex", "idna", "utf-7", "unicode_escape", "x" * 99, "utf-16"])
def test_a_charset_that_is_not_for_web_pages_is_ignored(label: str) -> None:
    assert read(f"<meta charset={label}><title>{FRENCH}</title>").title == FRENCH


def test_a_page_without_a_charset_is_guessed_and_never_an_error() -> None:
    assert read(f"<title>{FRENCH}</title>").title == FRENCH
    assert read(f"<title>{FRENCH}</title>".encode("cp1252")).title == FRENCH
    assert read(f"<title>{FRENCH}".encode()[:-1]).title.startswith("Élan")
    assert read(b"<title>a\xff\x81b</title>").title.startswith("a")
    assert read(b"<title>a\xffb</title>", "text/html; charset=utf-8").title == "a\ufffdb"


def test_a_query_is_sent_in_the_charset_of_the_page() -> None:
    html = "<img src='/\u00fc?q=\u00fc\u9ce5'>"
    [picture] = read(
        html.encode("cp1252", "xmlcharrefreplace"), "text/html; charset=latin1"
    ).pictures
    assert picture.url == "https://www.birds.test/%C3%BC?q=%FC%26%2340165%3B"
    [picture] = read(html.encode("utf-16")).pictures
    assert picture.url == "https://www.birds.test/%C3%BC?q=%C3%BC%E9%B3%A5"
