"""A decoder knows nothing about the site, and the site decodes nothing itself."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from socket import socketpair
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Pillow

from images.models import Image
from imaging import frames, pool
from imaging.pool import Decoder
from imaging.sanitize import Result
from testing.hostile_image_files import HOSTILE
from testing.image_files import encode, halves

# Prints the modules that a decoder loads when it starts.
LOADED = "import sys, json, imaging.decoder; print(json.dumps(sorted(sys.modules)))"


@pytest.fixture
def no_image_is_opened_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise AssertionError("The server opened an image.")

    monkeypatch.setattr(Pillow, "open", refuse)
    monkeypatch.setattr("PIL.ImageFile.Parser.feed", refuse)


@pytest.mark.django_db
def test_the_server_itself_opens_no_image(
    as_ana: Client, web: str, no_image_is_opened_here: None
) -> None:
    file = encode(halves(size=(900, 600)), "PNG")
    data = {"title": "A bird", "upload": SimpleUploadedFile("x.png", file)}
    assert as_ana.post("/images/add/", data).status_code == 303
    assert as_ana.post("/images/add/", {"title": "B", "url": f"{web}/bird.jpg"}).status_code == 303
    preview = as_ana.post("/images/add/", {"preview": "1", "url": f"{web}/page"})
    assert preview.text.count("data:image/webp") == 2
    photo = SimpleUploadedFile("x.png", file)
    assert as_ana.post("/profile/", {"photo": photo}).status_code == 303
    for image in Image.objects.all():
        for alias in image.image.widths.values():
            assert image.image.storage.exists(image.image.thumbnail_name(alias))


@pytest.mark.django_db
def test_thumbnails_are_made_within_the_limits_of_a_decoder(
    no_image_is_opened_here: None,
) -> None:
    name = Image(image="x").image.storage.save("images/hostile.gif", ContentFile(hostile_gif()))
    with pytest.raises(ValidationError):
        Image(image=name, width=900, height=600).image.make_thumbnails()


def hostile_gif() -> bytes:
    return HOSTILE["GIF with a comment in blocks of one byte"]()


def test_a_decoder_loads_nothing_of_the_site() -> None:
    environment = {"PYTHONPATH": pool.ENVIRONMENT["PYTHONPATH"]}
    command = [sys.executable, "-P", "-c", LOADED]
    done = subprocess.run(command, env=environment, cwd="/", capture_output=True, check=True)
    loaded = json.loads(done.stdout)
    assert not [name for name in loaded if name.split(".")[0] in {"django", "config", "images"}]
    assert not {"pickle", "imaging.admission", "imaging.jobs"} & {*loaded}


def test_a_decoder_gets_no_secrets_and_no_files_of_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", "nobody-may-know")
    decoder = Decoder()
    proc = Path(f"/proc/{decoder.process.pid}")
    names = {line.partition("=")[0] for line in (proc / "environ").read_text().split("\0")}
    open_files = {str(file.readlink()) for file in (proc / "fd").iterdir()}
    decoder.end()
    assert names - {"", "LC_CTYPE"} == set(pool.ENVIRONMENT)
    assert {name.partition(":")[0] for name in open_files} <= {"socket", "pipe", "/dev/null"}


def response(pixels: dict[str, Any] | None = None, **changes: Any) -> tuple[dict[str, Any], bytes]:
    """Return the response of a decoder about an image of 2 by 1 pixels, with changes."""
    size = {"width": 2, "height": 1}
    full = {f"full_{name}": changes.get(name, side) for name, side in size.items()}
    known = size | full | {"mode": "RGB", "is_lossless": False} | (pixels or {})
    head = size | {"format": "jpg", "data": 1, "is_animated": False, "pixels": known}
    return head | changes, b"x" + bytes(6)


@pytest.fixture
def answers() -> Iterator[Callable[..., Result]]:
    """Return a function that lets a decoder send a message, and returns what the server reads."""
    with ExitStack() as stack:

        def read(head: dict[str, Any], body: bytes) -> Result:
            decoder = Decoder()
            stack.callback(decoder.end)
            decoder.line.close()
            decoder.line, theirs = socketpair()
            stack.enter_context(theirs)
            frames.send(theirs, head, body)
            try:
                return decoder.run("sanitize", b"", fit=(2, 1))
            except Exception:
                assert not decoder.is_ready
                raise

        yield read


def test_a_valid_response_from_a_decoder_is_read(answers: Callable[..., Result]) -> None:
    result = answers(*response())
    assert (result.data, result.pixels.data) == (b"x", bytes(6))


@pytest.mark.parametrize(
    "answer",
    [
        response(format="html"),
        response(format=""),
        response(width=0),
        response(width=9000, height=9000),
        response(width=-2, height=-1),
        response({"full_width": 1, "full_height": 1_000_000}, width=1, height=1_000_000),
        response({"width": 2.0}),
        response({"width": 1}),
        response(width="2"),
        response(data=2),
        response({"mode": "html"}),
        response({"width": 3}),
        response({"width": -2, "height": -1}),
        response({"full_width": 4}),
        ({"refused": "something new"}, b""),
        ({"name": "../../x"}, b""),
    ],
)
def test_an_invalid_response_from_a_decoder_is_an_error(
    answers: Callable[..., Result], answer: tuple[dict[str, Any], bytes]
) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        answers(*answer)


@pytest.mark.parametrize("lengths", [(5000, 0), (2, 2**32 - 1), (2**32 - 1, 0)])
def test_a_message_that_is_too_long_is_not_read(lengths: tuple[int, int]) -> None:
    ours, theirs = socketpair()
    with ours, theirs:
        theirs.sendall(frames.LENGTHS.pack(*lengths))
        with pytest.raises(ValueError, match="too long"):
            frames.receive(ours, 5)


def test_a_slow_response_is_cut_off() -> None:
    ours, theirs = socketpair()
    with ours, theirs:
        theirs.sendall(frames.LENGTHS.pack(2, 100) + b"{}x")
        with pytest.raises(TimeoutError):
            frames.receive(ours, 0.1)


def test_a_decoder_returns_the_same_pixels_as_pillow() -> None:
    from imaging import sanitize

    picture = encode(halves(size=(300, 200)), "JPEG")
    jobs: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (sanitize.sanitize, {}),
        (sanitize.sanitize_photo, {}),
        (sanitize.preview, {"size": (64, 48)}),
        (sanitize.pixels, {"cover": 32}),
        (sanitize.pixels, {"fit": (100, 200), "cover": 32}),
    ]
    for job, options in jobs:
        assert pool.run(job.__name__, picture, **options) == job(picture, **options)
