from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest
from django.db.models import Exists
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from home.feeds import home_feed, newest_action_above, requested_page
from home.suggestions import people_to_suggest
from home.viewer import with_unseen_count
from images.models import Like
from images.models.image_count import image_count
from images.views import PAGE_SIZE
from people.models import Contact, Profile
from people.spellings import redirect_other_spellings
from people.views import person_or_404
from stream.feed import cursor_for_newer, feed_of
from stream.keyset import Page
from stream.models import Action
from stream.notifications import PAGE_SIZE as NOTIFICATIONS_PAGE_SIZE
from stream.notifications import notifications_of
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
    url = reverse("stream")
    if "from" in request.GET:
        url += "?" + urlencode({"from": request.GET["from"]})
    return pages.render(request, "home/dashboard.html", {"url": url})


@require_safe
def stream(request: ViewerRequest) -> HttpResponse:
    """Show the newest entries of the home feed, or the page that the request asks for."""
    if "after" in request.GET and pages.wants_partial(request):
        return _newer_entries(request)
    feed = home_feed(request.user)
    page = requested_page(feed, request.GET)
    context = {"page": page, "feed": feed}
    partial = "home/stream.html#older" if request.GET.get("before") else "home/stream.html#feed"
    if not page.previous_cursor:
        context["after"] = cursor_for_newer(page)
        if feed.is_of_everyone:
            people = people_to_suggest(request.user, SUGGESTIONS, follows_nobody=True)
            context["suggestions"] = people
    return pages.render(request, "home/stream.html", context, partial=partial)


def _newer_entries(request: ViewerRequest) -> HttpResponse:
    feed = home_feed(request.user)
    newer = feed.newer(request.GET["after"])
    if newer.next_cursor:
        # There are too many to add them to the page. Its address may name an older entry.
        return HttpResponseClientRedirect(urlsplit(pages.open_page(request)).path)
    context = {"newer": newer, "after": request.GET["after"], "feed": feed}
    return pages.render(request, "home/_new_activity.html", context)


@require_POST
def stream_filter(request: ViewerRequest) -> HttpResponse:
    """Remember whether the viewer's home feed shows everything, or what people do with images."""
    choices = {"everything": False, "images": True}
    if request.POST.get("show") not in choices:
        raise BadRequest("Show must be everything or images.")
    Profile.objects.choose_feed(request.user, images_only=choices[request.POST["show"]])
    return pages.redirect_after_post(request, pages.next_url(request, "dashboard"))


@require_safe
def notifications(request: ViewerRequest) -> HttpResponse:
    """Show what others did with what is the viewer's, and mark it as seen."""
    viewer: Any = request.user
    acts = Action.objects.told(viewer).requested_page(request.GET, NOTIFICATIONS_PAGE_SIZE)
    page = notifications_of(viewer, acts, viewer.profile.notifications_seen)
    if request.method == "GET" and not page.previous_cursor and page.newest:
        viewer.profile.see_notifications(page.newest)
        viewer.unseen_count = 0
    partial = "home/notifications.html#older"
    return pages.render(request, "home/notifications.html", {"page": page}, partial=partial)


@login_not_required
@require_safe
def new_activity(request: HtmxRequest) -> HttpResponse:
    """Show how many actions are newer than `after`, and how many acts the viewer has not seen.

    204 if the page has `shown` and `told` these numbers.

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
    newest = newest_action_above(
        after,
        int(key),
        of_everyone="everyone" in request.GET,
        images_only="images" in request.GET,
    )
    # The key in the session is not enough: a new password may have ended the session.
    viewers = with_unseen_count(User.objects.annotate(has_new=Exists(newest)))
    viewer: Any = pages.viewer_among(request, viewers)
    if viewer is None:
        return pages.to_login(request)
    is_told = request.GET.get("told", "0") == str(viewer.unseen_count)
    if shown == "0" and is_told and not viewer.has_new:
        return pages.no_content()
    return _new_activity_notice(request, viewer, after, shown if is_told else "")


def _new_activity_notice(
    request: HtmxRequest, viewer: User, after: str, shown: str
) -> HttpResponse:
    feed = home_feed(viewer)
    newer = feed.newer(after)
    count = sum(len(entry.actions) for entry in newer.rows)
    if shown == str(count):
        return pages.no_content()
    context: dict[str, Any] = {"newer": newer, "after": after, "count": count, "user": viewer}
    context["feed"] = feed
    return pages.render(request, "home/_new_activity_notice.html", context)


@require_safe
@redirect_other_spellings
def user_detail(request: ViewerRequest, username: str) -> HttpResponse:
    """Show a profile.

    It has the person, their images, some of the people they follow, and their latest activity.
    """
    person = person_or_404(request, username, image_count=image_count("user"))
    contacts = Contact.objects.followed_by(person.user).with_followed()[:PROFILE_FOLLOWED]
    images = person.user.images_created.for_viewer(request.user).as_cards()
    context = {
        "person": person,
        "following": [contact.user_to.profile for contact in contacts],
        "page": images.requested_page(request.GET, PROFILE_IMAGES),
    }
    if not pages.wants_partial(request):
        context["activity"] = feed_of(person.user, request.user).page("", PROFILE_ENTRIES)
    partial = "home/user_detail.html#more"
    return pages.render(request, "home/user_detail.html", context, partial=partial)


@require_safe
@redirect_other_spellings
def user_likes(request: ViewerRequest, username: str) -> HttpResponse:
    """Show the images that a person likes, the newest like first."""
    person = person_or_404(request, username)
    likes = Like.objects.by(person.user).with_images_for(request.user)
    page = likes.requested_page(request.GET, PAGE_SIZE, key="image")
    images = Page([like.image for like in page.rows], page.next_cursor, (), page.previous_cursor)
    context = {"person": person, "page": images}
    partial = "images/image_list.html#more"
    return pages.render(request, "home/user_likes.html", context, partial=partial)


@require_safe
@redirect_other_spellings
def user_activity(request: ViewerRequest, username: str) -> HttpResponse:
    """Show a person's own actions, the newest entries or the page that the request asks for."""
    person = person_or_404(request, username)
    page = requested_page(feed_of(person.user, request.user), request.GET)
    is_continuation = bool(request.GET.get("before"))
    partial = f"home/user_activity.html#{'older' if is_continuation else 'feed'}"
    context = {"person": person, "page": page}
    return pages.render(request, "home/user_activity.html", context, partial=partial)
