"""The weight of a page: the requests that a browser makes for it, in bytes on the network."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

KB = 1000
PAINT = {"Document", "Stylesheet"}
LOAD_IMAGES = """Promise.allSettled(
  [...document.images].filter(({ loading }) => loading != "lazy").map((image) => image.decode())
)"""


@dataclass
class Request:
    """A request. Its kind is Chromium's name for it, and its size includes the headers."""

    url: str
    kind: str
    size: int | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.size or 0:7,} bytes  {self.kind:10}  {self.path}"

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def is_photo(self) -> bool:
        return self.path.startswith("/media/")


class NetworkLog:
    """The requests that a page makes, except those that the browser's cache answers."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: dict[str, Request] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._begin)
        session.on("Network.responseReceived", self._respond)
        session.on("Network.requestServedFromCache", self._drop)
        session.on("Network.loadingFinished", self._end)
        session.on("Network.loadingFailed", self._end)
        session.send("Network.enable")

    def finished_requests(self) -> list[Request]:
        """Wait until all requests have finished, and return those since the last call."""
        self.page.evaluate(LOAD_IMAGES)
        for _ in range(500):
            requests = list(self.requests.values())
            if all(request.size is not None for request in requests):
                self.requests = {}
                return requests
            self.page.wait_for_timeout(20)
        raise TimeoutError("\n".join(map(str, requests)))

    def _begin(self, event: dict[str, Any]) -> None:
        if redirect := event.get("redirectResponse"):
            earlier = self.requests.pop(event["requestId"])
            earlier.size = redirect["encodedDataLength"]
            self.requests[earlier.url] = earlier
        self.requests[event["requestId"]] = Request(event["request"]["url"], event["type"])

    def _respond(self, event: dict[str, Any]) -> None:
        response = event["response"]
        if response.get("fromDiskCache") or response.get("fromPrefetchCache"):
            self._drop(event)
        elif request := self.requests.get(event["requestId"]):
            request.headers = {name.lower(): value for name, value in response["headers"].items()}

    def _drop(self, event: dict[str, Any]) -> None:
        self.requests.pop(event["requestId"], None)

    def _end(self, event: dict[str, Any]) -> None:
        if request := self.requests.get(event["requestId"]):
            request.size = round(event.get("encodedDataLength", 0))


def weight(requests: list[Request], kinds: set[str] | None = None) -> int:
    return sum(request.size or 0 for request in requests if not kinds or request.kind in kinds)


def over_budget(requests: list[Request]) -> list[str]:
    """Return the limits that a first visit exceeds. People's photos and images do not count."""
    counted = [request for request in requests if not request.is_photo]
    limits = [
        ("requests", len(counted), 8),
        ("bytes", weight(counted), 45 * KB),
        ("bytes of JavaScript", weight(counted, {"Script"}), 18.5 * KB),
        ("bytes before the first paint", weight(counted, PAINT), 14 * KB),
    ]
    return [
        f"{number:,} {name}, where {limit:,} are allowed"
        for name, number, limit in limits
        if number > limit
    ]


def unexpected_requests(requests: list[Request]) -> list[str]:
    """Return the requests that no later page may make: those for neither HTML nor images."""
    return [str(request) for request in requests if request.kind not in {"Document", "Image"}]
