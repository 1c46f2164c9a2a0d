"""Previews of addresses: of an image, or of the candidates of a web page."""

import pytest

from images.fetching.causes import UNREACHABLE
from images.preview import (
    CHOOSE_CANDIDATE,
    MAX_FETCHED,
    MAX_TRIES,
    NO_CANDIDATES,
    preview_address,
)
from imaging.errors import Reason
from imaging.jobs import MESSAGES, NOT_AN_IMAGE
from testing.image_files import image_file
from testing.network import PUBLIC_IP, Network
from testing.scripted_web import http_response, redirect


@pytest.fixture
def pictures(network: Network) -> None:
    for number in range(20):
        body = image_file(size=(200 + number, 100), kind="PNG")
        network.serve(f"site.test/{number}.png", http_response(body))


def candidates(url: str) -> list[str]:
    return [candidate.url for candidate in preview_address(url).candidates]


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
    assert len(network.web.requests) == 1 + MAX_TRIES


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
        (b"<a href=/>nothing</a>", NO_CANDIDATES),
        (b"<!doctype html>nothing", NO_CANDIDATES),
        (b"<!doctype html><img src=missing>", NO_CANDIDATES),
        (b"<!doctype html><base href='http://['><img src=http://10.0.0.1/>", NO_CANDIDATES),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><title>a</title></svg>", MESSAGES[Reason.SVG]),
        (b"plain", NOT_AN_IMAGE),
        (b"", NOT_AN_IMAGE),
    ],
)
def test_an_address_without_images_is_reported(network: Network, body: bytes, error: str) -> None:
    network.serve("site.test/", http_response(body))
    shown = preview_address("http://site.test/")
    assert (shown.image, shown.candidates, shown.error) == (None, [], str(error))


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


def test_icons_do_not_use_up_the_tries(network: Network, pictures: None) -> None:
    for number in range(100):
        network.serve(f"site.test/icon/{number}", http_response(image_file(size=(16, 16))))
    icons = [f"<img src=icon/{number}>" for number in range(100)]
    for count, urls in ((MAX_FETCHED - 1, ["http://site.test/1.png"]), (MAX_FETCHED, [])):
        html = "<!doctype html>" + "".join(icons[:count]) + "<img src=1.png>"
        network.serve("site.test/", http_response(html.encode()))
        network.web.requests.clear()
        assert candidates("http://site.test/") == urls
        assert len(network.web.requests) == 1 + MAX_FETCHED


def test_files_that_are_not_images_use_up_the_tries(network: Network) -> None:
    html = "<!doctype html>" + "".join(f"<img src={number}>" for number in range(100))
    network.serve("site.test/", http_response(html.encode()))
    assert candidates("http://site.test/") == []
    assert len(network.web.requests) == 1 + MAX_TRIES


def test_the_thumbnail_stands_in_for_a_link_that_leads_to_no_image(
    network: Network, pictures: None
) -> None:
    links = [f"<a href={name}.jpg><img src={n}.png alt={n}></a>" for n, name in enumerate("abc", 1)]
    network.serve("site.test/a.jpg", http_response(b"<!doctype html><title>File: a.jpg</title>"))
    network.serve("site.test/b.jpg", http_response(image_file("teal", (300, 200))))
    network.serve("site.test/", http_response(f"<!doctype html>{''.join(links)}".encode()))
    shown = preview_address("http://site.test/").candidates
    assert [candidate.url.removeprefix("http://site.test/") for candidate in shown] == [
        *("1.png", "b.jpg", "3.png")
    ]
    assert [candidate.alt for candidate in shown] == ["1", "2", "3"]


def test_a_picture_that_wants_its_page_as_the_referrer_is_a_candidate(network: Network) -> None:
    def picture() -> list[bytes]:
        referrer = network.web.requests[-1].headers.get("Referer")
        is_right = referrer == "https://site.test/page?id=1"
        image = http_response(image_file(size=(300, 200)))
        return [image if is_right else http_response(b"", status="403 Forbidden")]

    network.serve("site.test/a.png", picture)
    network.serve("site.test/page?id=1", http_response(b"<!doctype html><img src=a.png>"))
    assert candidates("https://site.test/page?id=1") == ["https://site.test/a.png"]
