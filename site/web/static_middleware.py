"""Serve static files, including those of a newer version."""

import re
from contextlib import suppress
from pathlib import Path

from django.http import HttpRequest, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import MissingFileError

# A name with a hash, below folders without a dot.
HASHED_NAME = re.compile(r"(?:[\w-]+/)*[\w.-]+\.[0-9a-f]{12}\.[a-z0-9]+", re.A)


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """Also serve files that were collected after this server has started.

    While several servers are updated in turn, the page of a new one names files that the browser
    may ask an old one for. WhiteNoise lists the files only once.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self.autorefresh and request.path_info not in self.files:
            self.look_for(request.path_info)
        response: HttpResponseBase = super().__call__(request)
        return response

    def look_for(self, url: str) -> None:
        """Add a file that has a hash in its name and is on the disk to the known files."""
        name = url.removeprefix(self.static_prefix)
        if name == url or not HASHED_NAME.fullmatch(name):
            return
        with suppress(MissingFileError):
            self.files[url] = self.find_file_at_path(str(Path(self.static_root, name)), url)
