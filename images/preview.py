"""A look at what an address leads to: an image, or a web page that names some."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from images.fetching.fetch import MAX_SECONDS, Fetched, fetch
from images.fetching.web_page import is_web_page, named_images
from images.sanitize import SanitizedImage, preview
from imaging.admission import BusyError, fetching

PREVIEW_SIZE, OFFER_SIZE = (640, 480), (240, 240)
MAX_TRIED, MAX_OFFERED = 12, 8
AT_ONCE = 2
# Smaller ones are icons and counters.
SMALLEST = 80

WEB_PAGE = _("This is a web page. Choose one of its images.")
BARE_PAGE = _("This is a web page without an image of use. Save the image and upload it.")


@dataclass(frozen=True)
class Seen:
    """A small picture of an image elsewhere."""

    url: str
    picture: SanitizedImage

    @property
    def is_worth_it(self) -> bool:
        """Whether this can be something to look at."""
        return max(self.picture.width, self.picture.height) >= SMALLEST

    @property
    def src(self) -> str:
        """The picture itself as an address, so that no file is kept for it."""
        return f"data:image/webp;base64,{b64encode(self.picture.data).decode()}"


@dataclass(frozen=True)
class Look:
    """What was seen at an address: its image, or the images that its page offers, or an error."""

    image: Seen | None = None
    offers: list[Seen] = field(default_factory=list)
    error: str = ""


class WebPageError(ValidationError):
    """What an address leads to is a web page, of which this is a look."""

    def __init__(self, look: Look) -> None:
        super().__init__(look.error)
        self.look = look


def fetch_image(url: str) -> Fetched:
    """Fetch what may be an image; `WebPageError` where it is a page, and the errors of `fetch`."""
    with fetching():
        fetched = fetch(url)
        if is_web_page(fetched.body):
            raise WebPageError(_look_at_page(fetched))
    return fetched


def look(url: str) -> Look:
    """Fetch an address, and see what it is; nothing where there is no address."""
    if not url:
        return Look()
    try:
        fetched = fetch_image(url)
        return Look(image=Seen(fetched.address.url, preview(fetched.body, PREVIEW_SIZE)))
    except WebPageError as page:
        return page.look
    except ValidationError as error:
        return Look(error=error.messages[0])


def _look_at_page(page: Fetched) -> Look:
    """Fetch the images that a page names, all of them within the time of one."""
    deadline = monotonic() + MAX_SECONDS

    def body_of(url: str) -> bytes:
        with suppress(ValidationError):
            return fetch(url, deadline - monotonic()).body
        return b""

    urls = list(islice(named_images(page.body, page.address), MAX_TRIED))
    seen: dict[str, Seen] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        bodies = {pool.submit(body_of, url): url for url in urls}
        for body in as_completed(bodies):
            url = bodies[body]
            try:
                seen[url] = Seen(url, preview(body.result(), OFFER_SIZE))
            except BusyError:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
            except ValidationError:
                # Not everything that a page names is an image.
                continue
            if monotonic() > deadline:
                pool.shutdown(wait=False, cancel_futures=True)
                break
    # Pages name one picture at several addresses; the first counts.
    offers: dict[bytes, Seen] = {}
    for url in urls:
        if url in seen and seen[url].is_worth_it:
            offers.setdefault(seen[url].picture.data, seen[url])
    error = WEB_PAGE if offers else BARE_PAGE
    return Look(offers=[*offers.values()][:MAX_OFFERED], error=str(error))
