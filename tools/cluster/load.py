"""People who write and look at images, and whose requests are recorded with their times."""

import time
from contextlib import AbstractContextManager
from random import Random
from threading import Event
from urllib.parse import urlsplit

from images.models import Image
from tools.cluster.recovery import Act
from tools.stress.client import SignedInClient
from tools.stress.load import load
from tools.stress.writer import Writers

# All requests have the same address, so these stay below its limits. They also leave the machine
# room for what else runs on it.
WRITERS, PAUSE = 4, 0.35
# Looks at images, which the store serves.
VIEWER = "viewer-of-images"


class RecordedClient(SignedInClient):
    """A client that adds each of its requests to a list."""

    def __init__(self, username: str, acts: list[Act]) -> None:
        super().__init__(username)
        self.acts = acts

    def request(
        self, host: str, path: str, body: bytes | None = None, kind: str = "", **headers: str
    ) -> tuple[int, str]:
        sent = time.monotonic()
        status, text = super().request(host, path, body, kind, **headers)
        self.acts.append(Act(self.user.username, sent, time.monotonic(), status))
        return status, text


class Viewer:
    """Somebody who looks at images, wherever browsers find those."""

    def __init__(self, client: SignedInClient) -> None:
        self.client = client
        self.urls: list[str] = []

    def find_images(self) -> None:
        images = [image.image for image in Image.objects.select_related("file")]
        self.urls = [image.urls[alias] for image in images for alias in image.shown]

    def look(self, host: str, is_over: Event) -> None:
        random = Random(1)
        while not is_over.wait(PAUSE):
            url = urlsplit(random.choice(self.urls))
            self.client.get(url.netloc or host, url.path)


class Load:
    """Several writers and a viewer, and what they have sent."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        options = {"pause": PAUSE, "asks_for_mail": False}
        self.writers = Writers(WRITERS, self.client, **options)
        self.viewer = Viewer(self.client(VIEWER))

    def client(self, username: str) -> RecordedClient:
        return RecordedClient(username, self.acts)

    @property
    def names(self) -> list[str]:
        clients = [writer.client for writer in self.writers]
        return [client.user.username for client in [*clients, self.viewer.client]]

    def on(self, host: str) -> AbstractContextManager[None]:
        """Let all of them send requests for as long as the block runs."""
        self.acts.clear()
        self.viewer.find_images()
        return load([*(writer.write for writer in self.writers), self.viewer.look], host)
