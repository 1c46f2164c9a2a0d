"""Previews of web pages, and their candidates."""

import re
from time import monotonic

import pytest

from images.fetching.addresses import Address
from images.fetching.fetch import UNREACHABLE
from images.fetching.web_page import MAX_PAGE_BYTES, candidate_urls, is_web_page
from images.preview import CHOOSE_CANDIDATE, MAX_FETCHED, NO_CANDIDATES, Preview, preview_address
from imaging.jobs import NOT_AN_IMAGE
from testing.image_files import image_file
from testing.network import PUBLIC_IP, Network
from testing.scripted_web import http_response, redirect

HOME = Address.parse("https://site.test/blog/post?id=1")
MB = 1024 * 1024


def named(html: str) -> list[str]:
    """Return the URLs of a page's candidates, relative if they are in the same folder."""
    urls = candidate_urls(html.encode(), HOME)
    return [url.removeprefix("https://site.test/blog/") for url in urls]


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
        b"<html>" + b"x" * MB,
    ],
)
def test_web_pages_are_recognized(body: bytes) -> None:
    assert is_web_page(body)


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<", b"plain", b"{}", b"<svg xmlns=''><title>a</title></svg>", b"<a>", b"<imgx>"),
        *(image_file(kind=kind) for kind in ("JPEG", "PNG", "GIF", "WEBP")),
        b"GIF89a<html>",
        *(b"<" * MB, b"<!--" * MB, b"\0" * MB),
    ],
)
def test_other_files_are_not_web_pages(body: bytes) -> None:
    assert not is_web_page(body)


@pytest.mark.parametrize(
    ("html", "urls"),
    [
        ("<img src=a.png>", ["a.png"]),
        ("<IMG\nSRC = 'a.png' />", ["a.png"]),
        ("<img src=a.png><img src=a.png>", ["a.png"]),
        ("<img src=' my cat.png '>", ["my%20cat.png"]),
        ("<img src='a.png?b=1&amp;c=2'>", ["a.png?b=1&c=2"]),
        ("<img alt='a > b' src=a.png>", ["a.png"]),
        ("<img src=/a.png>", ["https://site.test/a.png"]),
        ("<img src=//b.test/a.png>", ["https://b.test/a.png"]),
        ("<img src=http://b.test/a.png>", ["http://b.test/a.png"]),
        ("<img src='\u732b.png'>", ["%E7%8C%AB.png"]),
        ("<base href=/c/><img src=a.png>", ["https://site.test/c/a.png"]),
        ("<base href='https://b.test/c/'><img src=a.png>", ["https://b.test/c/a.png"]),
        ("<base href=''><base href=x><img src=a.png>", ["a.png"]),
        ("<base href='https://['><img src=a.png>", ["a.png"]),
        ("<base href='data:,'><img src=https://b.test/>", ["https://b.test/"]),
        (
            "<img src=s width=9 height=9><img src=l width=900 height=600><img src=u>",
            ["l", "u", "s"],
        ),
        ("<img src=s width=100%><img src=l width=' 2000px'>", ["l", "s"]),
        ("<img src=a width=999999999999><img src=b width=-1><img src=c width=\u00b2>", [*"abc"]),
        ("<meta property=og:image content=o><img src=l width=9000>", ["o", "l"]),
        ("<img src=l><meta content=o property='og:image'/>", ["o", "l"]),
        ("<meta property=og:image:secure_url content=o>", ["o"]),
        ("<meta name=twitter:image content=o><meta property=og:image content=p>", ["o", "p"]),
        ("<meta property=og:image content=''><meta property=og:image><img src=' '>", []),
        (
            "<meta property=og:image:width content=9><meta property=og:image:alt content='My cat'>"
            "<meta property=og:image:type content=image/png><meta name=description content=a>",
            [],
        ),
        ("<img src=a srcset='b 1x, c 2x, d 1.5x'>", ["c"]),
        ("<img src=a srcset='b 100w,c 900w,d 200w'>", ["c"]),
        ("<img src=a srcset='b 1x,c 2x'>", ["c"]),
        ("<img src=a srcset='b,1,2 100w, c,3 50w'>", ["b,1,2"]),
        ("<img src=a srcset='b'>", ["a"]),
        ("<img src=a srcset=', , x'>", ["a"]),
        ("<img src=a srcset='b nanx, c infw, d x'>", None),
        ("<img src=a data-src=b>", ["b"]),
        ("<img src='data:image/gif;base64,R0==' data-src=b>", ["b"]),
        ("<img src='data:image/png;base64,iVBO'>", []),
        ("<img src=' DATA:image/png;base64,iVBO'>", []),
        ("<img src=javascript:alert(1)><img src=blob:a><img src=file:///etc/passwd>", []),
        ("<img src=https://a:b@site.test/><img src=https://site.test:22/>", []),
        ("<img src='https://['><img src='https://a b/'>", []),
        ("<img><img src><img src=''><img/src=a>", ["a"]),
        ("<!-- <img src=a> --><script>'<img src=b>'</script><style><img src=c></style>", []),
        ("<svg><image href=a></svg><object data=b><video poster=c><a href=d>", []),
        ("<div><p><img src=a<b></table></html><img src=c", None),
        ("<img src=a>\0\ufffd<img src=b>", ["a", "b"]),
    ],
)
def test_the_urls_of_a_pages_images_are_found(html: str, urls: list[str] | None) -> None:
    found = named(html)
    assert urls is None or found == urls
    assert all(re.match(r"https?://[!-~]+$", url) for url in candidate_urls(html.encode(), HOME))


def test_images_far_down_a_page_are_ignored() -> None:
    far = " " * MAX_PAGE_BYTES
    assert named(f"<img src=a>{far}<img src=b>") == ["a"]


def test_a_page_in_any_encoding_is_read() -> None:
    assert list(candidate_urls(b"\xff\xfe<img alt=\xfc src=\xfc.png>", HOME)) == [
        "https://site.test/blog/%EF%BF%BD.png"
    ]
    assert not list(candidate_urls("<img src=a>".encode("utf-16"), HOME))


@pytest.mark.parametrize(
    "html",
    [
        *("<div>", "<b>", "<p><b>", "<table><td>", "<svg><math>", "<ul><li>", "<!--", "<"),
        *(
            "<img '",
            '<img "',
            "<img src=a>",
            "<script>",
            "<img a='\"",
            "&amp;",
            "<img src=//\u00fc>",
        ),
        *(
            "<img src=//\u00fc>",
            "<base href=a>",
            "<meta property=og:image content=",
            "<img srcset='a 1x, ",
            "<template>",
        ),
        "".join(f"<b a={number}><div>" for number in range(6000)) + "</b>" * 8000,
        "<img " + "".join(f"a{number}=1 " for number in range(200_000)) + ">",
        "".join(f"<img src={number}>" for number in range(150_000)),
        f"<img srcset='{'a 1x, ' * 300_000}'>",
        f"<img srcset='{'a,' * MB}'>",
        f"<img srcset='{',' + ' ' * 2 * MB}'>",
        f"<img srcset='a {'9' * 2 * MB}x'>",
        f"<img width='{' ' * 2 * MB}1'>",
        f"<img src='{'a/../' * 400_000}'>",
        f"<img src='//{chr(252) * MB}/'>",
        # Normalizing a host takes time quadratic in its combining marks.
        *(
            f"<meta property=og:image content='{start}a{chr(0x345) * 985}{chr(0x334) * 985}/'>"
            for start in ("http://", "//", "")
        ),
    ],
    ids=lambda html: html[:20],
)
def test_a_hostile_page_is_read_quickly(html: str) -> None:
    page = (html * (2 * MB // len(html) + 1)).encode()
    began = monotonic()
    list(candidate_urls(page, HOME))
    is_web_page(page)
    assert monotonic() - began < 5


@pytest.fixture
def pictures(network: Network) -> None:
    for number in range(20):
        body = image_file(size=(200 + number, 100), kind="PNG")
        network.serve(f"site.test/{number}.png", http_response(body))


def candidates(url: str) -> list[str]:
    return [candidate.url for candidate in preview_address(url).candidates]


def test_no_address_has_an_empty_preview() -> None:
    assert preview_address("") == Preview()


def test_an_image_has_a_preview(network: Network) -> None:
    network.serve("site.test/a", redirect("/b"))
    network.serve("site.test/b", http_response(image_file(size=(900, 900), kind="PNG")))
    shown = preview_address("https://site.test/a")
    assert shown.image
    assert shown.image.url == "https://site.test/b"
    assert (shown.image.thumbnail.width, shown.image.thumbnail.height) == (480, 480)
    assert shown.image.src.startswith("data:image/webp;base64,")
    assert (shown.error, shown.candidates) == ("", [])


def test_a_page_has_at_most_eight_candidates_with_its_preview_image_first(
    network: Network, pictures: None
) -> None:
    images = "".join(f"<img src={number}.png width={900 - number}>" for number in range(1, 20))
    html = f"<!doctype html><meta property=og:image content=/0.png>{images}"
    network.serve("site.test/", http_response(html.encode()))
    shown = preview_address("http://site.test/")
    assert [each.url for each in shown.candidates] == [
        f"http://site.test/{n}.png" for n in range(8)
    ]
    assert (shown.error, shown.image) == (str(CHOOSE_CANDIDATE), None)
    # One request is for the page, and twelve are for its images.
    assert len(network.web.requests) == 1 + MAX_FETCHED


def test_icons_duplicates_and_files_that_are_not_images_are_left_out(
    network: Network, pictures: None
) -> None:
    network.serve("site.test/icon", http_response(image_file(size=(79, 79), kind="PNG")))
    network.serve("site.test/copy", http_response(image_file(size=(201, 100), kind="PNG")))
    network.serve("site.test/svg", http_response(b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
    network.serve("site.test/page", http_response(b"<!doctype html><img src=2.png>"))
    names = ["icon", "1.png", "copy", "svg", "page", "missing", "data:image/png;base64,iVBO"]
    html = "".join(f"<img src={name}>" for name in names)
    network.serve("site.test/", http_response(html.encode()))
    assert candidates("http://site.test/") == ["http://site.test/1.png"]


@pytest.mark.parametrize("url", ["http://site.test/", "https://site.test/"])
def test_private_addresses_on_a_page_are_not_connected_to(
    network: Network, pictures: None, url: str
) -> None:
    ip, port = network.canaries["127.0.0.1"].address
    network.names.set("bad.test", ["127.0.0.1"])
    network.serve("site.test/on.png", redirect("http://127.0.0.1/"))
    names = [
        "http://127.0.0.1/a.png",
        f"http://{ip}:{port}/",
        "//10.0.0.1/",
        "//[::1]/",
        "//bad.test",
    ]
    html = "".join(f"<img src={name}>" for name in [*names, "on.png", "1.png"])
    network.serve("site.test/", http_response(f"<html >{html}".encode()))
    assert candidates(url) == [f"{url}1.png"]
    assert {ip for ip, _ in network.connections} == {PUBLIC_IP}
    assert network.unexpected_connections() == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<!doctype html>nothing", NO_CANDIDATES),
        (b"<!doctype html><img src=missing>", NO_CANDIDATES),
        (b"<!doctype html><base href='http://['><img src=http://10.0.0.1/>", NO_CANDIDATES),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><title>a</title></svg>", NOT_AN_IMAGE),
        (b"plain", NOT_AN_IMAGE),
        (b"", NOT_AN_IMAGE),
    ],
)
def test_an_address_without_images_is_reported(network: Network, body: bytes, error: str) -> None:
    network.serve("site.test/", http_response(body))
    assert preview_address("http://site.test/") == Preview(error=error)


def test_a_refused_address_is_reported(network: Network) -> None:
    assert preview_address("http://127.0.0.1/").error == str(UNREACHABLE)


def test_slow_images_do_not_hold_up_the_others(
    network: Network, pictures: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("images.preview.MAX_SECONDS", 2)
    network.serve("site.test/slow.png", network.web.drip(b"HTTP/1.1 200 OK\r\n\r\n"))
    html = b"<!doctype html><img src=slow.png width=999><img src=1.png>"
    network.serve("site.test/", http_response(html))
    assert candidates("http://site.test/") == ["http://site.test/1.png"]
