"""A member who does all they may: slow addresses, hostile files and large photos, all at once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from socket import create_server, socket
from threading import Event, Thread
from time import sleep
from urllib.parse import urlencode

from PIL import Image

from imaging.admission import RETRY_AFTER
from testing.hostile_image_files import HOSTILE
from testing.image_files import saved
from tools.stress.client import TOKEN, Member

FORM = "application/x-www-form-urlencoded"
# Some that take a decoder seconds, and some that it refuses at once.
FILES = [
    "JPEG of 80 scans of 40 megapixels",
    "PNG of 700,000 texts",
    "GIF of 3 million comments",
    "JPEG of 720,000 Exif segments",
]


@contextmanager
def slow_web() -> Iterator[str]:
    """Listen at an address where every page begins at once and never ends."""
    lines: list[socket] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                line, _ = listener.accept()
                lines.append(line)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n<html>")

    with create_server(("127.0.0.1", 0)) as listener:
        Thread(target=accept, daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    for line in lines:
        line.close()


class Attacker:
    """Sends what is costly from many threads, without a pause and without heeding answers."""

    def __init__(self, name: str, slow_host: str, threads: int = 10) -> None:
        self.member = Member(name)
        self.slow_host = slow_host
        self.threads = threads
        self.statuses: Counter[int] = Counter()
        self.files = [HOSTILE[name]() for name in FILES]
        self.files.append(saved(Image.effect_noise((5000, 4000), 3), "PNG", compress_level=1))

    @contextmanager
    def attacking(self, host: str) -> Iterator[None]:
        """Attack a site meanwhile."""
        is_over = Event()
        deeds = [self.look if number % 2 else self.upload for number in range(self.threads)]
        threads = [Thread(target=deed, args=(host, is_over)) for deed in deeds]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            is_over.set()
            for thread in threads:
                thread.join()

    def look(self, host: str, is_over: Event) -> None:
        """Ask for previews of addresses where nothing ever comes."""
        while not is_over.wait(0.05):
            self.statuses[look_at_slow_page(self.member, host, self.slow_host)] += 1

    def upload(self, host: str, is_over: Event) -> None:
        """Upload hostile and heavy files."""
        for number, file in enumerate(cycle(self.files)):
            if is_over.wait(0.05):
                return
            self.statuses[self.member.bookmark(host, f"Attack {number}", file)] += 1


def look_at_slow_page(member: Member, host: str, slow_host: str) -> int:
    """Ask for the preview of an address where nothing ever comes; returns the status."""
    form = {"csrfmiddlewaretoken": TOKEN, "preview": "1", "url": f"http://{slow_host}/"}
    return member.ask(host, "/images/add/", urlencode(form).encode(), FORM)[0]


def bookmark_in_the_end(member: Member, host: str, title: str, picture: bytes) -> int:
    """Upload a picture as a browser does: what was refused as busy is sent again."""
    for _ in range(40):
        status = member.bookmark(host, title, picture)
        if status != 503:
            return status
        sleep(RETRY_AFTER)
    return status
