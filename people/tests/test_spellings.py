"""Addresses of people whose username is typed in other letters."""

import pytest
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from people.deactivation import deactivate
from people.models import Contact
from people.spellings import redirect_other_spellings

PAGES = ["", "followers/", "following/", "activity/"]


@pytest.mark.parametrize("page", PAGES)
def test_another_spelling_leads_to_the_person(as_ana: Client, ben: User, page: str) -> None:
    response = as_ana.get(f"/people/BEN/{page}?before=x%20y&a=1")
    assert response.status_code == 302
    assert response["Location"] == f"/people/ben/{page}?before=x%20y&a=1"
    assert as_ana.head(f"/people/Ben/{page}")["Location"] == f"/people/ben/{page}"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("username", ["bem", "b-en", "вen", "ben" * 60, "b" * 1000, "."])
def test_another_name_leads_nowhere(as_ana: Client, ben: User, page: str, username: str) -> None:
    assert as_ana.get(f"/people/{username}/{page}").status_code == 404


def test_letters_outside_ascii_have_case_too(as_ana: Client, ben: User) -> None:
    ben.username = "дора"
    ben.save()
    assert as_ana.get("/people/ДОРА/").headers["Location"] == ben.profile.get_absolute_url()


def test_a_person_who_is_not_active_is_not_found(as_ana: Client, ben: User) -> None:
    deactivate([ben])
    assert as_ana.get("/people/BEN/").status_code == 404


def test_a_post_is_not_repeated_at_another_address(as_ana: Client, ben: User) -> None:
    response = as_ana.post("/people/BEN/follow/", {"action": "follow"})
    assert response.status_code == 404
    assert not Contact.objects.exists()
    assert as_ana.post("/people/BEN/").status_code == 405


def test_a_view_for_posts_may_use_the_same_rule(rf: RequestFactory, ben: User) -> None:
    @redirect_other_spellings
    def view(request: HttpRequest, username: str) -> HttpResponse:
        raise Http404

    with pytest.raises(Http404):
        view(rf.post("/people/BEN/"), "BEN")


def test_visitors_sign_in_first(client: Client, ben: User) -> None:
    response = client.get("/people/BEN/")
    assert response["Location"] == "/accounts/login/?next=/people/BEN/"
