from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from config import pages
from config.pages import HtmxRequest, MemberRequest
from stream.models import Action, people_followed_by

PAGE_SIZE = 10


@login_not_required
@require_safe
def dashboard(request: HtmxRequest) -> HttpResponse:
    """Show the page around the feed to people, and what Magpie is to everybody else."""
    if not request.user.is_authenticated:
        return pages.respond(request, "stream/landing.html")
    return pages.respond(request, "stream/dashboard.html")


@require_safe
def stream(request: MemberRequest) -> HttpResponse:
    """Show the home feed: ten entries below `before`, or the ten newest."""
    before = request.GET.get("before", "")
    follows_anybody = people_followed_by(request.user).exists()
    feed = Action.objects.home_feed(request.user, everybody=not follows_anybody).with_people()
    context = {"page": feed.page(before, PAGE_SIZE), "follows_anybody": follows_anybody}
    part = "stream/feed.html#older" if before else "stream/feed.html#feed"
    return pages.respond(request, "stream/feed.html", context, part=part)
