"""Serve uploaded files where no proxy, store or CDN does."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve one file with a cache lifetime of a year, since a changed file gets a new name."""
    try:
        file = default_storage.open(path)
    except ConnectionError:
        # The object store is away.
        raise
    except (OSError, SuspiciousOperation) as error:
        # For example, the name is longer than the file system allows.
        raise Http404 from error
    response = FileResponse(file)
    response["Content-Length"] = file.size
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if settings.MEDIA_URL != settings.MEDIA_PATH:
        # A CDN at MEDIA_URL passes this on, and pages are at another host than the CDN.
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
