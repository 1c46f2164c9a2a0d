"""Addresses under /.well-known/, where programs look for what every site may have."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

DAY = 24 * 60 * 60
# Anyone who keeps the file longer may write to a person who is no longer responsible.
LIFETIME = timedelta(days=90)


@login_not_required
@require_safe
@cache_control(public=True, max_age=DAY)
def change_password(request: HttpRequest) -> HttpResponse:
    """Redirect to the form for a new password. Password managers link to this address."""
    return redirect("account_change_password")


@login_not_required
@require_safe
@cache_control(public=True, max_age=DAY)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where to report a security problem (RFC 9116), if the settings say it."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = datetime.now(UTC) + LIFETIME
    return HttpResponse(
        f"Contact: {settings.SECURITY_CONTACT}\nExpires: {expires:%Y-%m-%dT%H:%M:%SZ}\n",
        content_type="text/plain; charset=utf-8",
    )
