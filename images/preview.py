"""Preview an address: its image, or the candidates of its web page."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from images.fetching.fetch import MAX_SECONDS, Response, fetch
from images.fetching.web_page import candidate_urls, is_web_page
from images.sanitize import SanitizedImage, preview
from imaging.admission import BusyError, fetching

PREVIEW_SIZE, CANDIDATE_SIZE = (640, 480), (240, 240)
MAX_FETCHED, MAX_CANDIDATES = 12, 8
MAX_CONCURRENT = 2
# Smaller images are icons and tracking pixels.
MIN_SIDE = 80

CHOOSE_CANDIDATE = _("This is a web page. Choose one of its images.")
NO_CANDIDATES = _("This web page has no suitable image. Download the image and upload it.")


@dataclass(frozen=True)
class Candidate:
    """An image at an address elsewhere, with its thumbnail."""

    url: str
    thumbnail: SanitizedImage

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


class WebPageError(ValidationError):
    """An address leads to a web page instead of an image."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(preview.error)
        self.preview = preview


def fetch_image(url: str) -> Response:
    """Fetch an image; `WebPageError` if it is a web page, and the errors of `fetch`."""
    with fetching():
        response = fetch(url)
        if is_web_page(response.body):
            raise WebPageError(_preview_page(response))
    return response


def preview_address(url: str) -> Preview:
    """Return the preview of an address, empty without an address."""
    if not url:
        return Preview()
    try:
        response = fetch_image(url)
        thumbnail = preview(response.body, PREVIEW_SIZE)
        return Preview(image=Candidate(response.address.url, thumbnail))
    except WebPageError as page:
        return page.preview
    except ValidationError as error:
        return Preview(error=error.messages[0])


def _preview_page(page: Response) -> Preview:
    urls = list(islice(candidate_urls(page.body, page.address), MAX_FETCHED))
    fetched = _fetch_candidates(urls)
    # A page may have one image at several URLs. Keep the first of them.
    distinct: dict[bytes, Candidate] = {}
    for url in urls:
        if url in fetched and fetched[url].is_large_enough:
            distinct.setdefault(fetched[url].thumbnail.data, fetched[url])
    error = CHOOSE_CANDIDATE if distinct else NO_CANDIDATES
    return Preview(candidates=[*distinct.values()][:MAX_CANDIDATES], error=str(error))


def _fetch_candidates(urls: list[str]) -> dict[str, Candidate]:
    """Fetch all `urls` within the time limit for one, and return those that are images."""
    deadline = monotonic() + MAX_SECONDS

    def body_of(url: str) -> bytes:
        with suppress(ValidationError):
            return fetch(url, deadline - monotonic()).body
        return b""

    candidates: dict[str, Candidate] = {}
    with ThreadPoolExecutor(MAX_CONCURRENT) as pool:
        bodies = {pool.submit(body_of, url): url for url in urls}
        for body in as_completed(bodies):
            url = bodies[body]
            try:
                candidates[url] = Candidate(url, preview(body.result(), CANDIDATE_SIZE))
            except BusyError:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
            except ValidationError:
                # The link does not lead to an image.
                continue
            if monotonic() > deadline:
                pool.shutdown(wait=False, cancel_futures=True)
                break
    return candidates
