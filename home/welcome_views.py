"""The three steps of a first visit. Each is a page that anyone may open, and may be skipped."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_safe

from home.settings_views import forgot_photo, is_saved, own_profile
from home.suggestions import load_newest_images, people_to_suggest
from people.models import Contact
from people.models.first_step import FirstStep
from people.profile_form import IntroductionForm
from web import pages
from web.pages import ViewerRequest

SUGGESTIONS = 8
# How many of the people that the viewer follows the step shows.
FOLLOWED = 10


def page_of(step: str) -> str:
    """Return the address of a step, or that of the home page after the last one."""
    return resolve_url("dashboard" if step == FirstStep.DONE else f"welcome_{step}")


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: ViewerRequest) -> HttpResponse:
    """Lead to the step at which the viewer is, or with the posted `step`, go on to that one."""
    profile = own_profile(request)
    if request.method != "POST":
        return redirect(page_of(profile.first_step))
    if request.POST.get("step") not in FirstStep.values:
        raise BadRequest("The step must be profile, people, images or done.")
    step = FirstStep(request.POST["step"])
    profile.go_to_step(step)
    return pages.redirect_after_post(request, pages.next_url(request, page_of(step)))


@require_http_methods(["GET", "HEAD", "POST"])
def welcome_profile(request: ViewerRequest) -> HttpResponse:
    """Ask the viewer who they are."""
    profile = own_profile(request)
    form = IntroductionForm(request.POST or None, request.FILES or None, instance=profile)
    if is_saved(form):
        profile.go_to_step(FirstStep.PEOPLE)
        return pages.redirect_after_post(request, page_of(FirstStep.PEOPLE))
    template, context = "home/welcome_profile.html", {"form": form, "number": 1}
    context["forgot_photo"] = forgot_photo(request)
    status = 422 if form.is_bound else 200
    return pages.render(request, template, context, partial=f"{template}#form", status=status)


@require_safe
def welcome_people(request: ViewerRequest) -> HttpResponse:
    """Suggest people to follow, with their newest images, and show those followed last."""
    people = people_to_suggest(request.user, SUGGESTIONS)
    load_newest_images(people)
    contacts = Contact.objects.followed_by(request.user).with_followed().newest()[:FOLLOWED]
    followed = [contact.user_to.profile for contact in contacts]
    context = {"people": people, "followed": followed, "number": 2}
    return pages.render(request, "home/welcome_people.html", context)


@require_safe
def welcome_images(request: ViewerRequest) -> HttpResponse:
    """Show the ways to add a first image."""
    return pages.render(request, "home/welcome_images.html", {"number": 3})
