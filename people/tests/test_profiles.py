"""Every user has a profile, however the user was created."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from people.models import Contact, Profile

pytestmark = pytest.mark.django_db


def test_create_user_creates_a_profile() -> None:
    assert User.objects.create_user("dora").profile


def test_createsuperuser_creates_a_profile() -> None:
    call_command("createsuperuser", username="root", email="r@example.org", interactive=False)
    assert User.objects.get(username="root").profile


def test_the_admin_creates_a_profile(admin_client: Client) -> None:
    data = {"username": "dora", "usable_password": "false"}
    assert admin_client.post("/admin/auth/user/add/", data).status_code == 302
    assert User.objects.get(username="dora").profile


def test_saving_a_user_again_creates_no_second_profile(ana: User) -> None:
    ana.save()
    assert Profile.objects.filter(user=ana).count() == 1


def test_a_dump_of_users_and_profiles_can_be_loaded(ana: User, tmp_path: object) -> None:
    path = f"{tmp_path}/people.json"
    call_command("dumpdata", "auth.user", "people", output=path)
    User.objects.all().delete()
    call_command("loaddata", path, verbosity=0)
    assert User.objects.get(username="ana").profile.username_skeleton == "ana"


def test_a_user_created_in_bulk_gets_a_profile_when_signing_in(client: Client) -> None:
    User.objects.bulk_create([User(username="dora")])
    client.force_login(User.objects.get(username="dora"))
    assert client.get("/people/dora/").status_code == 200


def test_a_user_created_in_bulk_gets_a_profile_with_the_counts_of_their_follows(
    ana: User, ben: User
) -> None:
    [dora] = User.objects.bulk_create([User(username="dora")])
    Contact.objects.follow(ana, dora)
    Contact.objects.follow(ben, dora)
    Contact.objects.follow(dora, ana)
    dora.save(update_fields=["last_login"])
    for profile in (dora.profile, Profile.objects.get(user=dora)):
        assert (profile.follower_count, profile.following_count) == (2, 1)


def test_a_lookalike_is_refused_before_anything_is_saved(ana: User) -> None:
    with pytest.raises(ValidationError):
        User.objects.create_user("ANA")
    assert User.objects.count() == 1


def test_after_a_change_of_username_lookalikes_of_the_new_one_are_refused(ana: User) -> None:
    ana.username = "dora"
    ana.save()
    with pytest.raises(ValidationError):
        User.objects.create_user("DORA")
    assert User.objects.create_user("ANA").profile


def test_the_name_is_the_full_name_or_else_the_username(ana: User, cleo: User) -> None:
    assert (ana.profile.name, cleo.profile.name) == ("Ana Silva", "cleo")
    assert str(ana.profile) == "Ana Silva"


def test_a_user_has_a_url(ana: User) -> None:
    assert ana.get_absolute_url() == ana.profile.get_absolute_url() == "/people/ana/"  # type: ignore[attr-defined]
