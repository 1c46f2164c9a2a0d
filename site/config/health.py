"""What a monitor asks."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200, without a query, while the process is up."""
    return HttpResponse("ok\n", content_type="text/plain")
