from typing import Any, cast

from allauth.account import views as allauth_views
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imaging.admission import BusyError
from people.addresses import ensure_primary
from people.forms import ProfileForm, SignupForm
from people.models import Contact, Profile
from web import pages
from web.pages import MemberRequest

PAGE_SIZE = 24


class SignupView(allauth_views.SignupView):
    """Sign up; whoever comes second to a username, by a moment, is told so like anybody else."""

    def form_valid(self, form: SignupForm) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except (ValidationError, IntegrityError):
            form.full_clean()
            response = self.form_invalid(form)
        return response


class EmailView(allauth_views.EmailView):
    """Add, confirm and remove addresses; each change takes the password anew."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ensure_primary(cast("User", request.user))
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **kwargs)
        # A password that was typed allows one change, not those of the next five minutes.
        request.session.pop(AUTHENTICATION_METHODS_SESSION_KEY, None)
        return response


def person_or_404(request: MemberRequest, username: str) -> Profile:
    """Return an active person as the reader sees them."""
    people = Profile.objects.active().for_reader(request.user).with_following_count()
    return get_object_or_404(people.named(username))


@require_safe
def user_list(request: MemberRequest) -> HttpResponse:
    """List all people, the newest first."""
    people = Profile.objects.active().for_reader(request.user)
    page = people.page(request.GET.get("before", ""), PAGE_SIZE)
    context = {"page": page, "people": page.rows}
    return pages.respond(request, "people/user_list.html", context, part="people/_people.html#more")


@require_safe
def user_followers(request: MemberRequest, username: str) -> HttpResponse:
    """List who follows a person, the newest follower first."""
    person = person_or_404(request, username)
    contacts = Contact.objects.followers_of(person.user).with_followers_for(request.user)
    page = contacts.page(request.GET.get("before", ""), PAGE_SIZE)
    people = [contact.user_from.profile for contact in page.rows]
    context = {"person": person, "page": page, "people": people}
    return pages.respond(
        request, "people/user_followers.html", context, part="people/_people.html#more"
    )


@require_safe
def user_following(request: MemberRequest, username: str) -> HttpResponse:
    """List whom a person follows, the newest first."""
    person = person_or_404(request, username)
    contacts = Contact.objects.followed_by(person.user).with_followed_for(request.user)
    page = contacts.page(request.GET.get("before", ""), PAGE_SIZE)
    people = [contact.user_to.profile for contact in page.rows]
    context = {"person": person, "page": page, "people": people}
    return pages.respond(
        request, "people/user_following.html", context, part="people/_people.html#more"
    )


@require_POST
def user_follow(request: MemberRequest, username: str) -> HttpResponse:
    """Follow or unfollow a person, as the posted `action` says."""
    followed = get_object_or_404(Profile.objects.active().named(username)).user
    if followed == request.user:
        raise BadRequest("You cannot follow yourself.")
    verbs = {"follow": Contact.objects.follow, "unfollow": Contact.objects.unfollow}
    verb = verbs.get(request.POST.get("action", ""))
    if verb is None:
        raise BadRequest("Say whether to follow or to unfollow.")
    with pages.not_found_if_deleted():
        verb(request.user, followed)
    back = pages.next_url(request, followed)
    if not pages.wants_part(request):
        return pages.see_other(request, back)
    context = {"person": person_or_404(request, username), "next": back}
    return pages.respond(request, "people/_follow.html#answer", context)


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: MemberRequest) -> HttpResponse:
    """Edit one's own profile."""
    # With the user in one look, who may be deleted before another.
    profile = get_object_or_404(Profile.objects.select_related("user"), user=request.user)
    form = ProfileForm(request.POST or None, request.FILES or None, instance=profile)
    if form.is_valid():
        try:
            with pages.not_found_if_deleted():
                form.save()
        except BusyError as busy:
            form.add_error(None, busy)
        else:
            messages.success(request, _("Your profile is saved."))
            return pages.see_other(request, profile.get_absolute_url())
    # With htmx the file input is kept; without, the browser comes back with an empty one.
    context = {"form": form, "forgot_photo": request.FILES and not pages.wants_part(request)}
    part = "people/profile_edit.html#form"
    status = 422 if form.is_bound else 200
    return pages.respond(request, "people/profile_edit.html", context, part=part, status=status)
