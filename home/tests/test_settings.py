"""The page of all settings."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from people.models import Profile
from people.models.told import KINDS
from testing.feed import HTMX
from testing.markup import has

pytestmark = pytest.mark.django_db


def test_the_menu_and_the_old_address_lead_to_the_settings(as_ana: Client) -> None:
    assert has(as_ana.get("/images/").text, '.menu a[href="/settings/"]')
    assert as_ana.get("/profile/").headers["Location"] == "/settings/"


@pytest.mark.parametrize("link", ["/accounts/email/", "/accounts/password/change/"])
def test_the_page_links_to_the_pages_of_the_account(as_ana: Client, link: str) -> None:
    assert has(as_ana.get("/settings/").text, f'main a[href="{link}"]')


def test_a_refused_section_is_shown_among_the_others(as_ana: Client) -> None:
    typed = {"first_name": "Anna", "link": "javascript:alert(1)"}
    response = as_ana.post("/profile/", typed)
    assert response.status_code == 422
    assert has(response.text, 'input[name="link"][value="javascript:alert(1)"][aria-invalid]')
    assert has(response.text, "#account")
    assert has(response.text, "title")


def test_htmx_gets_only_the_section_that_was_refused(as_ana: Client, ana: User) -> None:
    response = as_ana.post("/profile/", {"link": "javascript:alert(1)"}, headers=HTMX)
    assert response.status_code == 422
    assert has(response.text, "#profile-form")
    assert not has(response.text, "#account")


def test_the_weekly_mail_is_chosen_with_a_check_box(as_ana: Client, ana: User) -> None:
    told = dict.fromkeys(KINDS, "everyone")
    for value in (True, False):
        as_ana.post("/settings/notifications/", told | ({"weekly_digest": "on"} if value else {}))
        assert Profile.objects.get(user=ana).weekly_digest == value
        box = "input[type=checkbox][name=weekly_digest]"
        html = as_ana.get("/settings/").text
        assert has(html, f"{box}[checked]") == value
        assert has(html, box)
