"""Pages and partials are compressed; images, which are already compressed, are not."""

import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.templatetags.static import static
from django.test import Client

from testing.stored_files import store

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_pages_and_partials_are_compressed(as_ana: Client, headers: dict[str, str]) -> None:
    response = as_ana.get("/stream/", headers=headers | BROWSER)
    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
    assert "HX-Request" in response["Vary"]
    assert b'id="feed"' in gzip.decompress(response.content)


def test_clients_without_compression_get_plain_responses(as_ana: Client) -> None:
    response = as_ana.get("/stream/")
    assert "Content-Encoding" not in response
    assert 'id="feed"' in response.text


def test_the_length_of_a_page_varies_so_that_it_reveals_no_secrets(as_ana: Client) -> None:
    lengths = {as_ana.get("/stream/", headers=BROWSER)["Content-Length"] for _ in range(20)}
    assert len(lengths) > 1


def test_error_pages_are_compressed(client: Client) -> None:
    assert client.get("/nowhere/", headers=BROWSER)["Content-Encoding"] == "gzip"


def test_images_are_not_compressed_again(client: Client) -> None:
    store("people/y.webp", b"RIFF" * 1000)
    response = client.get("/media/people/y.webp", headers=BROWSER)
    assert "Content-Encoding" not in response
    assert response["Content-Length"] == "4000"
    assert b"".join(response) == b"RIFF" * 1000


def test_static_files_are_compressed_when_they_are_collected(
    client: Client, collected_static: Path
) -> None:
    name = static("js/site.js").removeprefix(settings.STATIC_URL)
    response = client.get(static("js/site.js"), headers=BROWSER)
    assert response["Content-Encoding"] == "br"
    assert b"".join(response) == (collected_static / f"{name}.br").read_bytes()
