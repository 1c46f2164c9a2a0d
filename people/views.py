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
from people.addresses import ensure_primary, is_confirmed_by
from people.forms import ProfileForm, SignupForm
from people.models import Contact, Profile
from stream.record import DeletedError
from web import pages
from web.pages import ViewerRequest

PAGE_SIZE = 24


class SignupView(allauth_views.SignupView):
    """Sign up. If two people choose one username at once, the second gets a form error."""

    def form_valid(self, form: SignupForm) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except (ValidationError, IntegrityError):
            form.full_clean()
            response = self.form_invalid(form)
        return response


class EmailView(allauth_views.EmailView):
    """Add, confirm and remove addresses; each change asks for the password."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ensure_primary(cast("User", request.user))
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **kwargs)
        # Typing the password allows one change, not all changes of the next five minutes.
        request.session.pop(AUTHENTICATION_METHODS_SESSION_KEY, None)
        return response


class ConfirmEmailView(allauth_views.ConfirmEmailView):
    """Confirm an address. If the link is used again, say that the address is confirmed."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_confirmed_by(self.kwargs["key"]):
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_confirmed = is_confirmed_by(self.kwargs["key"])
        return super().get_context_data(**kwargs) | {"is_confirmed": is_confirmed}


def person_or_404(request: ViewerRequest, username: str) -> Profile:
    """Return the profile of an active person, annotated for the viewer."""
    people = Profile.objects.active().for_viewer(request.user)
    return get_object_or_404(people.named(username))


@require_safe
def user_list(request: ViewerRequest) -> HttpResponse:
    """List all people, the newest first."""
    people = Profile.objects.active().for_viewer(request.user).as_cards()
    page = people.page(request.GET.get("before", ""), PAGE_SIZE)
    context = {"page": page, "people": page.rows}
    return pages.render(
        request, "people/user_list.html", context, partial="people/_people.html#more"
    )


@require_safe
def user_followers(request: ViewerRequest, username: str) -> HttpResponse:
    """List the followers of a person, the newest first."""
    person = person_or_404(request, username)
    contacts = Contact.objects.followers_of(person.user).with_followers_for(request.user)
    page = contacts.page(request.GET.get("before", ""), PAGE_SIZE)
    people = [contact.user_from.profile for contact in page.rows]
    context = {"person": person, "page": page, "people": people}
    return pages.render(
        request, "people/user_followers.html", context, partial="people/_people.html#more"
    )


@require_safe
def user_following(request: ViewerRequest, username: str) -> HttpResponse:
    """List the people that a person follows, the newest first."""
    person = person_or_404(request, username)
    contacts = Contact.objects.followed_by(person.user).with_followed_for(request.user)
    page = contacts.page(request.GET.get("before", ""), PAGE_SIZE)
    people = [contact.user_to.profile for contact in page.rows]
    context = {"person": person, "page": page, "people": people}
    return pages.render(
        request, "people/user_following.html", context, partial="people/_people.html#more"
    )


@require_POST
def user_follow(request: ViewerRequest, username: str) -> HttpResponse:
    """Follow or unfollow a person, as the posted `action` says."""
    followed = get_object_or_404(Profile.objects.active().named(username)).user
    if followed == request.user:
        raise BadRequest("You cannot follow yourself.")
    verbs = {"follow": Contact.objects.follow, "unfollow": Contact.objects.unfollow}
    verb = verbs.get(request.POST.get("action", ""))
    if verb is None:
        raise BadRequest("The action must be follow or unfollow.")
    with pages.not_found_if(DeletedError):
        verb(request.user, followed)
    back = pages.next_url(request, followed)
    if not pages.wants_partial(request):
        return pages.redirect_after_post(request, back)
    person = get_object_or_404(Profile.objects.active().for_viewer(request.user).named(username))
    context = {"person": person, "next": back}
    return pages.render(request, "people/_follow_answer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: ViewerRequest) -> HttpResponse:
    """Edit the viewer's own profile."""
    # Load both in one query, because the user may be deleted before a second one.
    profile = get_object_or_404(Profile.objects.select_related("user"), user=request.user)
    form = ProfileForm(request.POST or None, request.FILES or None, instance=profile)
    if form.is_valid():
        try:
            with pages.not_found_if(DeletedError):
                form.save()
        except BusyError as busy:
            form.add_error(None, busy)
        else:
            messages.success(request, _("Your profile is saved."))
            return pages.redirect_after_post(request, profile.get_absolute_url())
    # htmx keeps the chosen file; a full page load empties the file input.
    context = {"form": form, "forgot_photo": request.FILES and not pages.wants_partial(request)}
    status = 422 if form.is_bound else 200
    template = "people/profile_edit.html"
    return pages.render(request, template, context, partial=f"{template}#form", status=status)
