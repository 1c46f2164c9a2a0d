"""An attacker who asks for previews of slow pages and uploads hostile files, all at once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import cycle
from socket import create_server, socket
from threading import Event, Thread
from time import sleep
from urllib.parse import urlencode

from PIL import Image

from imaging.admission import RETRY_AFTER
from testing.hostile_image_files import HOSTILE
from testing.image_files import encode
from tools.stress.client import CSRF_TOKEN, SignedInClient
from tools.stress.load import load

FORM = "application/x-www-form-urlencoded"
# Some keep a decoder busy for seconds, and some are refused at once.
HOSTILE_FILES = [
    "JPEG of 80 scans of 40 megapixels",
    "PNG of 700,000 text chunks",
    "GIF of 3 million comments",
    "JPEG of 720,000 Exif segments",
]


@contextmanager
def slow_web_server() -> Iterator[str]:
    """Yield the address of a server whose pages start at once and never end."""
    connections: list[socket] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connections.append(connection)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n<html>")

    with create_server(("127.0.0.1", 0)) as listener:
        Thread(target=accept, daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    for connection in connections:
        connection.close()


class Attacker:
    """Sends costly requests from many threads without a pause, whatever the response."""

    def __init__(self, username: str, slow_host: str, threads: int = 10) -> None:
        self.client = SignedInClient(username)
        self.slow_host = slow_host
        self.threads = threads
        self.statuses: Counter[int] = Counter()
        self.files = [HOSTILE[name]() for name in HOSTILE_FILES]
        self.files.append(encode(Image.effect_noise((5000, 4000), 3), "PNG", compress_level=1))

    def attack(self, host: str) -> AbstractContextManager[None]:
        """Attack a site for as long as the block runs."""
        tasks = (
            self.request_previews if number % 2 else self.upload_files
            for number in range(self.threads)
        )
        return load(tasks, host)

    def request_previews(self, host: str, is_over: Event) -> None:
        """Ask for previews of pages that never end."""
        while not is_over.wait(0.05):
            self.statuses[preview_slow_page(self.client, host, self.slow_host)] += 1

    def upload_files(self, host: str, is_over: Event) -> None:
        """Upload hostile files and a large one."""
        for number, file in enumerate(cycle(self.files)):
            if is_over.wait(0.05):
                return
            self.statuses[self.client.save_image(host, f"Attack {number}", file)] += 1


def preview_slow_page(client: SignedInClient, host: str, slow_host: str) -> int:
    """Ask for the preview of a page that never ends, and return the status."""
    form = {"csrfmiddlewaretoken": CSRF_TOKEN, "preview": "1", "url": f"http://{slow_host}/"}
    return client.request(host, "/images/add/", urlencode(form).encode(), FORM)[0]


def save_with_retries(client: SignedInClient, host: str, title: str, file: bytes) -> int:
    """Upload an image as site.js does: while the site is busy, try again."""
    for _ in range(40):
        status = client.save_image(host, title, file)
        if status != 503:
            return status
        sleep(RETRY_AFTER)
    return status
