from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.db.models import Exists
from django.http import HttpResponse
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from people.models import Contact
from people.views import person_or_404
from stream.feed import activity_of, home_feed, place_of_news
from stream.models import Action, people_to_suggest
from web import pages
from web.pages import HtmxRequest, MemberRequest

SUGGESTIONS = 6
FACES = 10
IMAGES = 12


@login_not_required
@require_safe
def dashboard(request: HtmxRequest) -> HttpResponse:
    """Show the page around the feed to people, and what Magpie is to everybody else."""
    if not request.user.is_authenticated:
        return pages.respond(request, "home/landing.html")
    return pages.respond(request, "home/dashboard.html")


def nothing_new(request: HtmxRequest) -> HttpResponse | None:
    """Answer 204 to a page that asks whether there is news, where there is none.

    Every open page asks every 30 seconds, so this is two queries: the session, and the viewer
    together with whether there is something new.
    """
    is_asked = request.method in {"GET", "HEAD"} and {"after", "told"} <= request.GET.keys()
    if not is_asked or not pages.wants_part(request):
        return None
    key = request.session.get(SESSION_KEY)
    if key is None:
        # Anyone who has signed out elsewhere is not sent away from what they read until they act.
        return pages.no_content()
    newer = Action.objects.above(request.GET["after"])
    if "everybody" in request.GET:
        newer = newer.by_others(int(key))
    else:
        newer = newer.newest_by_followed(int(key), 1)
    # The key alone proves nothing: a new password may have ended the session.
    viewer: Any = pages.viewer_among(request, User.objects.annotate(has_news=Exists(newer)))
    has_told = request.GET["told"] != "0"
    return pages.no_content() if viewer and not viewer.has_news and not has_told else None


@login_not_required
def stream(request: HtmxRequest) -> HttpResponse:
    """Show the home feed, or what is new in it to a page that asks."""
    return nothing_new(request) or home(request)


@pages.members_only
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    """Show the newest entries, those below `before`, or those that are newer than `after`."""
    if "after" in request.GET and pages.wants_part(request):
        return _news(request)
    before = request.GET.get("before", "")
    feed = home_feed(request.user)
    page = feed.page(before)
    context = {"page": page, "is_of_everybody": feed.is_of_everybody}
    if before:
        part = "home/stream.html#older"
    else:
        part = "home/stream.html#feed"
        context["after"] = place_of_news(page)
        if feed.is_of_everybody:
            context["suggestions"] = people_to_suggest(request.user, SUGGESTIONS)
    return pages.respond(request, "home/stream.html", context, part=part)


def _news(request: MemberRequest) -> HttpResponse:
    """Tell how many activities are newer than `after`, or show them; 204 where all are `told`."""
    after, told = request.GET["after"], request.GET.get("told")
    feed = home_feed(request.user)
    news = feed.news(after)
    count = sum(len(entry.actions) for entry in news.rows)
    if told == str(count):
        return pages.no_content()
    if told is None and news.next_cursor:
        # Too many to join those that are shown already.
        return HttpResponseClientRefresh()
    template = "home/_new_activity.html" if told is None else "home/_new_activity_notice.html"
    context = {"news": news, "after": after, "count": count}
    context["is_of_everybody"] = feed.is_of_everybody
    return pages.respond(request, template, context)


@require_safe
def user_detail(request: MemberRequest, username: str) -> HttpResponse:
    """Show a person, with some of those whom they follow, and their images, the newest first."""
    person = person_or_404(request, username)
    contacts = Contact.objects.followed_by(person.user).with_followed()[:FACES]
    images = person.user.images_created.for_reader(request.user)
    context = {
        "person": person,
        "following": [contact.user_to.profile for contact in contacts],
        "page": images.page(request.GET.get("before", ""), IMAGES),
    }
    part = "home/user_detail.html#more"
    return pages.respond(request, "home/user_detail.html", context, part=part)


@require_safe
def user_activity(request: MemberRequest, username: str) -> HttpResponse:
    """Show what a person did, the newest entries or those below `before`."""
    person = person_or_404(request, username)
    before = request.GET.get("before", "")
    context = {"person": person, "page": activity_of(person.user).page(before)}
    part = "home/user_activity.html#older" if before else "home/user_activity.html#feed"
    return pages.respond(request, "home/user_activity.html", context, part=part)
