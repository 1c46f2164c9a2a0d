"""The page of the viewer's settings. Each of its sections has a form of its own."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from imaging.admission import BusyError
from people.models import Profile
from people.profile_form import ProfileForm
from people.told_form import ToldForm
from stream.record import DeletedError
from web import pages
from web.pages import ViewerRequest

FORMS = {"profile": ProfileForm, "told": ToldForm}


@require_safe
def settings(request: ViewerRequest) -> HttpResponse:
    """Show all sections."""
    profile = own_profile(request)
    forms = {name: form(instance=profile) for name, form in FORMS.items()}
    return pages.render(request, "home/settings.html", {"forms": forms})


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: ViewerRequest) -> HttpResponse:
    """Save what people see of the viewer. The form is on the page of all settings."""
    if request.method != "POST":
        return redirect("settings")
    profile = own_profile(request)
    form = ProfileForm(request.POST or None, request.FILES or None, instance=profile)
    if is_saved(form):
        messages.success(request, _("Your profile is saved."))
        return pages.redirect_after_post(request, profile.get_absolute_url())
    return _with_errors(request, "profile", form)


@require_http_methods(["GET", "HEAD", "POST"])
def settings_told(request: ViewerRequest) -> HttpResponse:
    """Save of which acts the viewer wants to be told."""
    if request.method != "POST":
        return redirect("settings")
    form = ToldForm(request.POST or None, instance=own_profile(request))
    if form.is_valid():
        form.save()
        messages.success(request, _("Your notification settings are saved."))
        return pages.redirect_after_post(request, resolve_url("settings"))
    return _with_errors(request, "told", form)


def own_profile(request: ViewerRequest) -> Profile:
    # Load both in one query, because the user may be deleted before a second one.
    return get_object_or_404(Profile.objects.select_related("user"), user=request.user)


def is_saved(form: ProfileForm) -> bool:
    """Save a form if it is valid. Otherwise, or without a slot for a photo, it has errors."""
    if not form.is_valid():
        return False
    try:
        with pages.not_found_if(DeletedError):
            form.save()
    except BusyError as busy:
        form.add_error(None, busy)
        return False
    return True


def forgot_photo(request: ViewerRequest) -> bool:
    """Return whether the browser has to choose a photo again."""
    # htmx keeps the chosen file; a full page load empties the file input.
    return bool(request.FILES) and not pages.wants_partial(request)


def _with_errors(request: ViewerRequest, section: str, form: BaseForm) -> HttpResponse:
    """Show the form of one section with what was typed, and the others as they are stored."""
    profile = own_profile(request)
    forms = {name: other(instance=profile) for name, other in FORMS.items() if name != section}
    context = {"forms": forms | {section: form}, "forgot_photo": forgot_photo(request)}
    status = 422 if form.is_bound else 200
    template = "home/settings.html"
    return pages.render(request, template, context, partial=f"{template}#{section}", status=status)
