"""A server has the files of a newer version, which may have been collected after its start."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from web.static_middleware import HASHED_NAME

NEW = "css/magpie.0123456789ab.css"


@pytest.fixture
def root(settings: Settings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = str(tmp_path / "static")
    settings.WHITENOISE_AUTOREFRESH = False
    (tmp_path / "static/css").mkdir(parents=True)
    return tmp_path / "static"


@pytest.fixture
def client(root: Path) -> Client:
    """Return a client of a server that has started, and knows no files."""
    client = Client()
    assert client.get(f"/static/{NEW}").status_code == 404
    return client


def test_a_file_that_was_collected_after_the_start_is_served(client: Client, root: Path) -> None:
    (root / NEW).write_text("a {}")
    (root / f"{NEW}.br").write_bytes(b"br")
    with closing(client.get(f"/static/{NEW}")) as response:
        assert (response.status_code, response.getvalue()) == (200, b"a {}")
        assert response["Content-Type"].startswith("text/css")
    with closing(client.get(f"/static/{NEW}", headers={"Accept-Encoding": "br"})) as response:
        assert (response["Content-Encoding"], response.getvalue()) == ("br", b"br")
    assert client.post(f"/static/{NEW}").status_code == 405


@pytest.mark.parametrize(
    "name",
    [
        "../secret.0123456789ab.txt",
        "css/../../secret.0123456789ab.txt",
        "%2e%2e/secret.0123456789ab.txt",
        "..%2fsecret.0123456789ab.txt",
        "css/..%5c..%5csecret.0123456789ab.txt",
        "/secret.0123456789ab.txt",
        "{folder}/secret.0123456789ab.txt",
        "folder.0123456789ab.css",
        "plain.css",
        "%00.0123456789ab.css",
        "css/magpie.0123456789ab.css/",
    ],
)
def test_nothing_else_is_served(client: Client, root: Path, name: str) -> None:
    (root / NEW).write_text("a {}")
    (root / "plain.css").write_text("a {}")
    (root / "folder.0123456789ab.css").mkdir()
    (root.parent / "secret.0123456789ab.txt").write_text("secret")
    path = f"/static/{name.format(folder=root.parent)}"
    assert client.get(path).status_code in {400, 404}


def test_the_names_of_all_collected_files_are_recognized(collected_static: Path) -> None:
    names = json.loads((collected_static / "staticfiles.json").read_text())["paths"].values()
    assert names
    assert [name for name in names if not HASHED_NAME.fullmatch(name)] == []
