"""Ending the weekly mail by a link in it, without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from people.models import Profile
from web import pages
from web.pages import HtmxRequest

# The link of an old mail still works, so the signature has no time.
_signer = Signer(salt="home.unsubscribe")


def unsubscribe_path(user: User) -> str:
    return reverse("unsubscribe", args=[_signer.sign(str(user.pk))])


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HtmxRequest, key: str) -> HttpResponse:
    """Ask whether to end the weekly mail, or end it. The signed key is the permission.

    Mail programs post to this address (RFC 8058), and follow no redirect.
    """
    try:
        user_id = _signer.unsign(key)
    except BadSignature:
        raise Http404 from None
    person = get_object_or_404(Profile.objects.active(), user=user_id)
    if request.method == "POST":
        person.weekly_digest = False
        Profile.objects.filter(pk=person.pk).update(weekly_digest=False)
    return pages.render(request, "home/unsubscribe.html", {"person": person})
