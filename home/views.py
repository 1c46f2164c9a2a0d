from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.db.models import Exists
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from home.feeds import home_feed, newest_action_above
from home.suggestions import people_to_suggest
from people.models import Contact
from people.views import person_or_404
from stream.feed import cursor_for_newer, feed_of
from web import pages
from web.pages import HtmxRequest, ViewerRequest

SUGGESTIONS = 6
PROFILE_FOLLOWED = 10
PROFILE_IMAGES = 12
PROFILE_ENTRIES = 5


@login_not_required
@require_safe
def dashboard(request: HtmxRequest) -> HttpResponse:
    """Show the page around the home feed, or the landing page to anyone who is signed out."""
    if not request.user.is_authenticated:
        return pages.render(request, "home/landing.html")
    return pages.render(request, "home/dashboard.html")


@require_safe
def stream(request: ViewerRequest) -> HttpResponse:
    """Show the newest entries of the home feed, or those below the cursor `before`."""
    if "told" in request.GET and pages.wants_partial(request):
        # Pages of an earlier version poll this URL until they are reloaded.
        return pages.no_content()
    if "after" in request.GET and pages.wants_partial(request):
        return _newer_entries(request)
    before = request.GET.get("before", "")
    feed = home_feed(request.user)
    page = feed.page(before)
    context = {"page": page, "is_of_everyone": feed.is_of_everyone}
    if before:
        partial = "home/stream.html#older"
    else:
        partial = "home/stream.html#feed"
        context["after"] = cursor_for_newer(page)
        if feed.is_of_everyone:
            context["suggestions"] = people_to_suggest(request.user, SUGGESTIONS)
    return pages.render(request, "home/stream.html", context, partial=partial)


def _newer_entries(request: ViewerRequest) -> HttpResponse:
    feed = home_feed(request.user)
    newer = feed.newer(request.GET["after"])
    if newer.next_cursor:
        # There are too many to add them to the page.
        return HttpResponseClientRefresh()
    context = {
        "newer": newer,
        "after": request.GET["after"],
        "is_of_everyone": feed.is_of_everyone,
    }
    return pages.render(request, "home/_new_activity.html", context)


@login_not_required
@require_safe
def new_activity(request: HtmxRequest) -> HttpResponse:
    """Show how many actions are newer than `after`; 204 if the page has `shown` that number.

    Every open page polls every 30 seconds. Usually there is nothing new, which takes only two
    queries to find out: one for the session, and one for the viewer with `has_new`.
    """
    if not pages.wants_partial(request):
        return redirect("stream")
    key = request.session.get(SESSION_KEY)
    if key is None:
        # After signing out in another tab, the open page stays readable.
        return pages.no_content()
    after, shown = request.GET.get("after", ""), request.GET.get("shown", "0")
    newest = newest_action_above(after, int(key), of_everyone="everyone" in request.GET)
    # The key in the session is not enough: a new password may have ended the session.
    viewer: Any = pages.viewer_among(request, User.objects.annotate(has_new=Exists(newest)))
    if viewer is None:
        return pages.to_login(request)
    if shown == "0" and not viewer.has_new:
        return pages.no_content()
    feed = home_feed(viewer)
    newer = feed.newer(after)
    count = sum(len(entry.actions) for entry in newer.rows)
    if shown == str(count):
        return pages.no_content()
    context = {"newer": newer, "after": after, "count": count}
    context["is_of_everyone"] = feed.is_of_everyone
    return pages.render(request, "home/_new_activity_notice.html", context)


@require_safe
def user_detail(request: ViewerRequest, username: str) -> HttpResponse:
    """Show a profile: the person, some of the people they follow, and their images."""
    person = person_or_404(request, username)
    contacts = Contact.objects.followed_by(person.user).with_followed()[:PROFILE_FOLLOWED]
    images = person.user.images_created.for_viewer(request.user).as_cards()
    context = {
        "person": person,
        "following": [contact.user_to.profile for contact in contacts],
        "page": images.page(request.GET.get("before", ""), PROFILE_IMAGES),
    }
    if not pages.wants_partial(request):
        context["activity"] = feed_of(person.user).page("", PROFILE_ENTRIES)
    partial = "home/user_detail.html#more"
    return pages.render(request, "home/user_detail.html", context, partial=partial)


@require_safe
def user_activity(request: ViewerRequest, username: str) -> HttpResponse:
    """Show a person's own actions, the newest entries or those below the cursor `before`."""
    person = person_or_404(request, username)
    before = request.GET.get("before", "")
    context = {"person": person, "page": feed_of(person.user).page(before)}
    partial = "home/user_activity.html#older" if before else "home/user_activity.html#feed"
    return pages.render(request, "home/user_activity.html", context, partial=partial)
