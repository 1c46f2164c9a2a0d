"""Icons and the other files at the root of the site are there for everyone, small and cached."""

import io
import json

import pytest
from django.test import Client
from PIL import Image

# Content types and the most bytes.
FILES = {
    "/favicon.ico": ("image/x-icon", 3_000),
    "/apple-touch-icon.png": ("image/png", 3_000),
    "/icon-192.png": ("image/png", 5_000),
    "/icon-512.png": ("image/png", 12_000),
    "/icon-maskable-192.png": ("image/png", 5_000),
    "/icon-maskable-512.png": ("image/png", 12_000),
    "/manifest.webmanifest": ("application/manifest+json", 1_000),
    "/robots.txt": ("text/plain", 500),
}


def content(client: Client, path: str) -> bytes:
    return bytes(client.get(path).getvalue())


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_small_and_cached_without_a_session_or_a_query(client: Client, path: str) -> None:
    response = client.get(path)
    kind, most = FILES[path]
    assert response.status_code == 200
    assert response["Content-Type"].partition(";")[0] == kind
    assert len(response.getvalue()) <= most
    assert response["Cache-Control"] == "public, max-age=86400"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


def test_an_unchanged_file_is_not_sent_again(client: Client) -> None:
    first = client.get("/favicon.ico")
    first.close()
    headers = {"If-Modified-Since": first["Last-Modified"]}
    assert client.get("/favicon.ico", headers=headers).status_code == 304


def test_the_icon_has_the_sizes_that_browsers_show(client: Client) -> None:
    icon = Image.open(io.BytesIO(content(client, "/favicon.ico")))
    assert icon.info["sizes"] == {(16, 16), (32, 32)}


def test_the_touch_icon_has_the_size_of_phones_and_is_opaque(client: Client) -> None:
    icon = Image.open(io.BytesIO(content(client, "/apple-touch-icon.png")))
    assert icon.size == (180, 180)
    assert not icon.has_transparency_data


def test_the_manifest_names_icons_that_exist_in_the_sizes_that_it_says(client: Client) -> None:
    manifest = json.loads(content(client, "/manifest.webmanifest"))
    found = set()
    for icon in manifest["icons"]:
        width, height = Image.open(io.BytesIO(content(client, icon["src"]))).size
        assert icon["sizes"] == f"{width}x{height}"
        found.add((width, icon.get("purpose", "any")))
    assert found == {(192, "any"), (512, "any"), (192, "maskable"), (512, "maskable")}


@pytest.mark.parametrize("size", [192, 512])
def test_a_maskable_icon_is_still_whole_when_it_is_cut_to_a_circle(
    client: Client, size: int
) -> None:
    icon = Image.open(io.BytesIO(content(client, f"/icon-maskable-{size}.png"))).convert("RGB")
    background, middle = icon.getpixel((0, 0)), size / 2
    for x in range(size):
        for y in range(size):
            if (x - middle) ** 2 + (y - middle) ** 2 > (0.4 * size + 1) ** 2:
                assert icon.getpixel((x, y)) == background


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/people/"])
def test_pages_link_to_the_files(as_ana: Client, path: str) -> None:
    html = as_ana.get(path).text
    for name in ("/apple-touch-icon.png", "/manifest.webmanifest"):
        assert f'href="{name}"' in html


def test_crawlers_may_read_what_everyone_can_open_and_no_uploads(client: Client) -> None:
    lines = content(client, "/robots.txt").decode().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules == ["User-agent: *", "Disallow: /media/"]
