"""Editing the viewer's own profile."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from people.models import Profile
from people.profile_form import ProfileForm

TYPED = {"first_name": "Anna", "last_name": "Sá", "date_of_birth": "1990-05-17"}


def test_name_and_date_of_birth_are_saved(ana: User, as_ana: Client) -> None:
    response = as_ana.post("/profile/", TYPED, follow=True)
    assert response.redirect_chain == [("/people/ana/", 303)]
    assert "Your profile is saved." in response.text
    ana = User.objects.get(pk=ana.pk)
    assert ana.get_full_name() == "Anna Sá"
    assert ana.profile.date_of_birth == datetime.date(1990, 5, 17)


def test_the_form_shows_the_stored_profile(as_ana: Client) -> None:
    as_ana.post("/profile/", TYPED)
    html = as_ana.get("/settings/").text
    assert all(f'value="{value}"' in html for value in TYPED.values())


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("date_of_birth", "yesterday", "Enter a valid date"),
        ("date_of_birth", str(timezone.localdate() + datetime.timedelta(days=2)), "in the past"),
        ("date_of_birth", "1066-10-14", "Check the year"),
        ("first_name", "x" * 61, "at most 60"),
        ("first_name", "A\u202ena", "invisible"),
        ("first_name", "\u3164", "invisible"),
        ("first_name", "\u200d\u200d", "no visible characters"),
        ("last_name", "Sil\u0007va", "invisible"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_an_error_is_explained_and_the_input_is_kept(
    ana: User, as_ana: Client, field: str, value: str, reason: str, headers: dict[str, str]
) -> None:
    typed = TYPED | {field: value}
    response = as_ana.post("/profile/", typed, headers=headers)
    assert response.status_code == 422
    assert reason in response.text
    assert all(f'value="{value}"' in response.text for value in typed.values())
    assert 'aria-invalid="true"' in response.text
    assert User.objects.get(pk=ana.pk).first_name == "Ana"


def test_htmx_gets_the_form_with_an_error_or_a_redirect_to_the_profile(as_ana: Client) -> None:
    headers = {"HX-Request": "true"}
    response = as_ana.post("/profile/", {"date_of_birth": "x"}, headers=headers)
    assert response.text.lstrip().startswith("<form")
    response = as_ana.post("/profile/", TYPED, headers=headers)
    assert response["HX-Redirect"] == "/people/ana/"


@pytest.mark.parametrize("name", ["علی\u200cرضا", "👩\u200d👧"])
def test_joiners_are_allowed_in_names(ana: User, as_ana: Client, name: str) -> None:
    as_ana.post("/profile/", {"first_name": name})
    assert User.objects.get(pk=ana.pk).first_name == name


def test_a_field_added_to_the_form_is_saved(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Profile._meta.get_field("username_skeleton"), "editable", True)

    class LongerForm(ProfileForm):
        class Meta(ProfileForm.Meta):
            fields = [*ProfileForm.Meta.fields, "username_skeleton"]

    names = {"first_name": "Ana", "last_name": "Silva"}
    form = LongerForm(names | {"username_skeleton": "anna"}, instance=ana.profile)
    assert form.is_valid()
    form.save()
    assert Profile.objects.get(user=ana).username_skeleton == "anna"


def test_unchanged_fields_are_not_written(ana: User, as_ana: Client) -> None:
    form = ProfileForm({"first_name": "Anna", "last_name": "Silva"}, instance=ana.profile)
    assert form.is_valid()
    ana.profile.__class__.objects.update(date_of_birth="1990-05-17")
    User.objects.filter(pk=ana.pk).update(last_name="Sousa")
    form.save()
    ana = User.objects.get(pk=ana.pk)
    assert ana.get_full_name() == "Anna Sousa"
    assert ana.profile.date_of_birth == datetime.date(1990, 5, 17)


def test_editing_requires_signing_in(client: Client, ben: User) -> None:
    assert client.post("/profile/", TYPED).status_code == 302
    assert User.objects.get(pk=ben.pk).first_name == "Ben"
