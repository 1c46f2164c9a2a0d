"""Preview an address: its image, or the candidates of its web page."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from time import monotonic

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from images.fetching.fetch import MAX_SECONDS, Response, fetch
from images.fetching.pictures import PagePicture
from images.fetching.web_page import WebPage
from images.sanitize import SanitizedImage, preview
from imaging.admission import BusyError, fetching

PREVIEW_SIZE, CANDIDATE_SIZE = (640, 480), (240, 240)
# Of a page with many icons, up to `MAX_FETCHED` images are fetched.
MAX_FETCHED, MAX_TRIES, MAX_CANDIDATES = 40, 12, 8
MAX_CONCURRENT = 2
# Smaller images are icons and tracking pixels.
MIN_SIDE = 80

# Takes a URL, seconds, and the page that names the URL.
type Fetch = Callable[..., Response]

CHOOSE_CANDIDATE = _("This is a web page. Choose which of its images to save.")
NO_CANDIDATES = _("This web page has no suitable image. Download the image and upload it.")


@dataclass(frozen=True)
class Candidate:
    """An image at an address elsewhere, with its thumbnail."""

    url: str
    thumbnail: SanitizedImage
    # The text that describes it on its page.
    alt: str = ""

    @property
    def is_large_enough(self) -> bool:
        """Whether the image is more than an icon."""
        return max(self.thumbnail.width, self.thumbnail.height) >= MIN_SIDE

    @property
    def src(self) -> str:
        """The thumbnail as a data URL, which needs no file."""
        return f"data:image/webp;base64,{b64encode(self.thumbnail.data).decode()}"


@dataclass(frozen=True)
class Preview:
    """The preview of an address: its image, or the candidates of its web page, or an error."""

    image: Candidate | None = None
    candidates: list[Candidate] = field(default_factory=list)
    error: str = ""
    # What the page says about itself.
    page: WebPage | None = None

    @property
    def shown(self) -> list[Candidate]:
        """The image, or the candidates."""
        return [self.image] if self.image else self.candidates

    @property
    def suggested(self) -> dict[str, str]:
        """What the page says, by the names of the form's fields."""
        if not self.page:
            return {}
        credit = ", ".join(filter(None, (self.page.author, self.page.site_name)))
        return {
            "title": self.page.title[:200],
            "alt": self.candidates[0].alt if self.candidates else "",
            "description": self.page.description,
            "page_url": self.page.url,
            "credit": credit[:200],
        }


class WebPageError(ValidationError):
    """An address leads to a web page instead of an image."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(preview.error)
        self.preview = preview


def fetch_image(url: str, fetch: Fetch = fetch, offered: Sequence[str] = ()) -> Response:
    """Fetch an image; `WebPageError` if it is a web page, and the errors of `fetch`.

    `offered` are pictures that a browser shows on the page.
    """
    with fetching():
        response = fetch(url)
        if response.is_web_page:
            raise WebPageError(_preview_page(response, fetch, offered))
    return response


def preview_address(url: str, fetch: Fetch = fetch, offered: Sequence[str] = ()) -> Preview:
    """Return the preview of an address.

    `offered` are pictures that a browser shows on the page, which may refuse to be fetched.
    """
    try:
        response = fetch_image(url, fetch, offered)
        thumbnail = preview(response.body, PREVIEW_SIZE)
        return Preview(image=Candidate(response.address.url, thumbnail))
    except WebPageError as page:
        return page.preview
    except ValidationError as error:
        unread = WebPage(url, "", "", "", "", [PagePicture(each) for each in offered])
        with fetching():
            return Preview(candidates=_candidates(unread, fetch), error=error.messages[0])


def _preview_page(response: Response, fetch: Fetch, offered: Sequence[str]) -> Preview:
    page = response.web_page()
    # The page may have a larger image behind one that a browser shows.
    known = page.pictures_by_url
    first = [known.get(url, PagePicture(url)) for url in offered]
    page = replace(page, pictures=[*dict.fromkeys([*first, *page.pictures])])
    candidates = _candidates(page, fetch)
    error = CHOOSE_CANDIDATE if candidates else NO_CANDIDATES
    return Preview(candidates=candidates, error=str(error), page=page)


def _candidates(page: WebPage, fetch: Fetch) -> list[Candidate]:
    # A page may have one image at several URLs. Keep the first of them.
    distinct: dict[bytes, Candidate] = {}
    for candidate in _fetch_candidates(page, fetch):
        distinct.setdefault(candidate.thumbnail.data, candidate)
    return [*distinct.values()][:MAX_CANDIDATES]


def _fetch_candidates(page: WebPage, fetch: Fetch) -> list[Candidate]:
    """Fetch a page's pictures within the time limit for one, and return those that are images.

    Icons do not count as tries.
    """
    deadline = monotonic() + MAX_SECONDS
    waiting = iter(page.pictures[:MAX_FETCHED])
    running: dict[Future[tuple[str, bytes]], PagePicture] = {}
    found: dict[PagePicture, Candidate] = {}
    tries = 0
    with ThreadPoolExecutor(MAX_CONCURRENT) as pool:
        while True:
            free = min(MAX_CONCURRENT, MAX_TRIES - tries) - len(running)
            for picture in islice(waiting, free if monotonic() < deadline else 0):
                running[pool.submit(_fetched, fetch, picture, page.url, deadline)] = picture
            if not running:
                return [found[picture] for picture in page.pictures if picture in found]
            fetched = wait(running, return_when=FIRST_COMPLETED).done.pop()
            picture = running.pop(fetched)
            candidate = _candidate(*fetched.result(), picture.alt)
            if candidate and candidate.is_large_enough:
                found[picture] = candidate
            tries += candidate is None or candidate.is_large_enough


def _fetched(
    fetch: Fetch, picture: PagePicture, page_url: str, deadline: float
) -> tuple[str, bytes]:
    """Fetch a picture of a page, or else the thumbnail that links to it."""
    for url in (picture.url, picture.fallback_url):
        with suppress(ValidationError):
            response = fetch(url, deadline - monotonic(), page_url)
            if not response.is_web_page:
                return url, response.body
    return "", b""


def _candidate(url: str, body: bytes, alt: str) -> Candidate | None:
    try:
        return Candidate(url, preview(body, CANDIDATE_SIZE), alt)
    except BusyError:
        raise
    except ValidationError:
        # The link does not lead to an image.
        return None
