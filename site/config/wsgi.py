"""The WSGI application, for granian, gunicorn and their like."""

import os
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

from web.buffering import BufferingApplication

# Servers are started with `site/` on the path. The apps are one folder up.
sys.path.append(str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Request(WSGIRequest):
    """A request that ignores a Content-Type that it cannot read."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except BadRequest:
            self.content_type, self.content_params = "", {}
        except (LookupError, ValueError):
            self.encoding = "utf-8"


django = get_wsgi_application()
django.request_class = Request
application = BufferingApplication(django)
