"""People in the admin."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from people.models import Contact


@pytest.fixture
def contact(ana: User, ben: User) -> Contact:
    Contact.objects.follow(ana, ben)
    return Contact.objects.get()


@pytest.mark.parametrize("model", ["profile", "contact"])
def test_lists_and_forms_open(admin_client: Client, contact: Contact, model: str) -> None:
    assert "ana" in admin_client.get(f"/admin/people/{model}/?q=ana").text
    pk = contact.pk if model == "contact" else contact.user_from.profile.pk
    assert admin_client.get(f"/admin/people/{model}/{pk}/change/").status_code == 200


def test_a_lookalike_is_an_error_in_the_form(admin_client: Client, ana: User) -> None:
    data = {"username": "ANA", "usable_password": "false"}
    assert "looks like it" in admin_client.post("/admin/auth/user/add/", data).text
    assert not User.objects.filter(username="ANA").exists()


def test_a_person_can_be_saved_under_their_own_name(admin_client: Client, ana: User) -> None:
    data = {
        "username": "Ana",
        "first_name": "A",
        "date_joined_0": "2026-11-22",
        "date_joined_1": "12:00",
    }
    response = admin_client.post(f"/admin/auth/user/{ana.pk}/change/", data)
    assert response.status_code == 302
    assert User.objects.get(pk=ana.pk).username == "Ana"
