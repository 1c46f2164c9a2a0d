"""People in the admin."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from people.models import Contact
from stream.models import Action


@pytest.fixture
def contact(ana: User, ben: User) -> Contact:
    Contact.objects.follow(ana, ben)
    return Contact.objects.get()


@pytest.mark.parametrize("model", ["profile", "contact"])
def test_the_lists_and_forms_of_the_admin_work(
    admin_client: Client, contact: Contact, model: str
) -> None:
    assert "ana" in admin_client.get(f"/admin/people/{model}/?q=ana").text
    pk = contact.pk if model == "contact" else contact.user_from.profile.pk
    assert admin_client.get(f"/admin/people/{model}/{pk}/change/").status_code == 200


def test_a_profile_is_only_deleted_with_its_user(admin_client: Client, ana: User) -> None:
    url = f"/admin/people/profile/{ana.profile.pk}/delete/"
    assert admin_client.post(url, {"post": "yes"}).status_code == 403
    url = f"/admin/auth/user/{ana.pk}/delete/"
    assert admin_client.post(url, {"post": "yes"}).status_code == 302
    assert not User.objects.filter(username="ana").exists()


def test_adding_and_deleting_a_contact_records_and_retracts_its_action(
    admin_client: Client, ana: User, ben: User
) -> None:
    pair = {"user_from": ana.pk, "user_to": ben.pk}
    assert admin_client.post("/admin/people/contact/add/", pair).status_code == 302
    assert Action.objects.of(ana, "is following", ben).exists()
    response = admin_client.post("/admin/people/contact/add/", pair | {"user_to": ana.pk})
    assert "People cannot follow themselves." in response.text
    contact = Contact.objects.get()
    admin_client.post(f"/admin/people/contact/{contact.pk}/delete/", {"post": "yes"})
    assert not Action.objects.exists()


def test_a_new_username_must_follow_the_rules_for_signing_up(admin_client: Client) -> None:
    data = {"username": "x+y@z", "usable_password": "false"}
    assert "letters and digits" in admin_client.post("/admin/auth/user/add/", data).text


def test_a_lookalike_is_an_error_in_the_form(admin_client: Client, ana: User) -> None:
    data = {"username": "ANA", "usable_password": "false"}
    assert "looks like it" in admin_client.post("/admin/auth/user/add/", data).text
    assert not User.objects.filter(username="ANA").exists()


@pytest.mark.parametrize("username", ["ana", "தமிழ்", "x+y@z"])
def test_a_person_can_be_saved_without_changing_the_username(
    admin_client: Client, username: str
) -> None:
    person = User.objects.create_user(username)
    data = {"username": username, "date_joined_0": "2026-11-22", "date_joined_1": "12:00"}
    response = admin_client.post(f"/admin/auth/user/{person.pk}/change/", data)
    assert response.status_code == 302


def test_a_username_can_be_changed_to_another_case(admin_client: Client, ana: User) -> None:
    data = {
        "username": "Ana",
        "first_name": "A",
        "date_joined_0": "2026-11-22",
        "date_joined_1": "12:00",
    }
    response = admin_client.post(f"/admin/auth/user/{ana.pk}/change/", data)
    assert response.status_code == 302
    assert User.objects.get(pk=ana.pk).username == "Ana"
