from typing import Any, cast

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, ValidationError
from django.db import IntegrityError
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from people.addresses import ensure_primary, is_confirmed_by
from people.forms import SignupForm
from people.models import Contact, Profile
from people.spellings import redirect_other_spellings
from stream.record import DeletedError
from web import pages
from web.mail import change_with_mail
from web.pages import ViewerRequest

PAGE_SIZE = 24


class SignupView(allauth_views.SignupView):
    """Sign up. If two people choose one username at once, the second gets a form error.

    If one person presses the button twice, the second press signs in to the new account.
    """

    def form_invalid(self, form: SignupForm) -> HttpResponse:
        if user := form.account_of_first_press():
            url = self.get_success_url()  # type: ignore[no-untyped-call]
            url = url or get_adapter().get_signup_redirect_url(self.request)
            login = Login(user=user, redirect_url=url)
            response: HttpResponse = perform_login(self.request, login)
        else:
            response = super().form_invalid(form)
        return response

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
        with change_with_mail():
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


def person_or_404(request: ViewerRequest, username: str, **annotations: Combinable) -> Profile:
    """Return the profile of an active person, annotated for the viewer."""
    people = Profile.objects.active().for_viewer(request.user).annotate(**annotations)
    return get_object_or_404(people.named(username))


@require_safe
def user_list(request: ViewerRequest) -> HttpResponse:
    """List all people, the newest first."""
    people = Profile.objects.active().for_viewer(request.user).as_cards()
    page = people.requested_page(request.GET, PAGE_SIZE)
    context = {"page": page, "people": page.rows}
    return pages.render(
        request, "people/user_list.html", context, partial="people/_people.html#more"
    )


@require_safe
@redirect_other_spellings
def user_followers(request: ViewerRequest, username: str) -> HttpResponse:
    """List the followers of a person, the newest first."""
    person = person_or_404(request, username)
    contacts = Contact.objects.followers_of(person.user).with_followers_for(request.user)
    page = contacts.requested_page(request.GET, PAGE_SIZE, key="user_from__profile")
    people = [contact.user_from.profile for contact in page.rows]
    context = {"person": person, "page": page, "people": people}
    return pages.render(
        request, "people/user_followers.html", context, partial="people/_people.html#more"
    )


@require_safe
@redirect_other_spellings
def user_following(request: ViewerRequest, username: str) -> HttpResponse:
    """List the people that a person follows, the newest first."""
    person = person_or_404(request, username)
    contacts = Contact.objects.followed_by(person.user).with_followed_for(request.user)
    page = contacts.requested_page(request.GET, PAGE_SIZE, key="user_to__profile")
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
    context = {"person": person, "next": back, "scope": pages.scope_of(back)}
    return pages.render(request, "people/_follow_answer.html", context)
