from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from home.suggestions import load_newest_images, people_to_suggest
from people.models import Dismissal, Profile
from stream.record import DeletedError
from web import pages
from web.pages import ViewerRequest

# How many people a page of suggestions shows.
COUNT = 12


@require_safe
def suggestions(request: ViewerRequest) -> HttpResponse:
    """Suggest people to follow, with their newest images."""
    people = people_to_suggest(request.user, COUNT)
    load_newest_images(people)
    return pages.render(request, "home/suggestions.html", {"people": people})


@require_POST
def user_dismiss(request: ViewerRequest, username: str) -> HttpResponse:
    """Suggest a person no longer."""
    person = get_object_or_404(Profile.objects.active().named(username))
    if person.user == request.user:
        raise BadRequest("You cannot dismiss yourself.")
    with pages.not_found_if(DeletedError):
        Dismissal.objects.dismiss(request.user, person.user)
    if not pages.wants_partial(request):
        return pages.redirect_after_post(request, pages.next_url(request, "dashboard"))
    return pages.render(request, "home/_dismissed.html", {"person": person})
