"""Serve uploaded files."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve


@login_not_required
@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve one file with a cache lifetime of a year, since a changed file gets a new name."""
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except OSError as error:
        # For example, the name is longer than the file system allows.
        raise Http404 from error
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
