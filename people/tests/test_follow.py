"""Following and unfollowing."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.models import Contact
from stream.models import Action
from testing.disks import no_room_to
from testing.markup import text_of
from testing.queries import counts_rows

HTMX = {"HX-Request": "true"}


def press(
    client: Client, action: str, username: str = "ben", headers: dict[str, str] | None = None
) -> Any:
    return client.post(f"/people/{username}/follow/", {"action": action}, headers=headers)


def test_following_twice_has_the_effect_of_following_once(ana: User, ben: User) -> None:
    assert Contact.objects.follow(ana, ben)
    assert not Contact.objects.follow(ana, ben)
    assert list(ana.following.all()) == [ben]  # type: ignore[attr-defined]
    assert list(ben.followers.all()) == [ana]
    assert not ben.following.exists()  # type: ignore[attr-defined]


def test_unfollowing_twice_has_the_effect_of_unfollowing_once(ana: User, ben: User) -> None:
    Contact.objects.follow(ana, ben)
    assert Contact.objects.unfollow(ana, ben)
    assert not Contact.objects.unfollow(ana, ben)
    assert not Contact.objects.exists()


def test_following_records_an_action_and_unfollowing_retracts_it(ana: User, ben: User) -> None:
    Contact.objects.follow(ana, ben)
    assert Action.objects.of(ana, "is following", ben).count() == 1
    Contact.objects.unfollow(ana, ben)
    assert not Action.objects.exists()


def test_following_again_an_hour_later_records_no_second_action(ana: User, ben: User) -> None:
    Contact.objects.follow(ana, ben)
    Action.objects.update(created=timezone.now() - timedelta(hours=1))
    Contact.objects.follow(ana, ben)
    assert Action.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_follow_is_undone_if_its_action_cannot_be_recorded(ana: User, ben: User) -> None:
    with no_room_to('INSERT INTO "stream_action"'), pytest.raises(OperationalError):
        Contact.objects.follow(ana, ben)
    assert not Contact.objects.exists()


def test_the_database_refuses_a_second_follow_of_the_same_person(ana: User, ben: User) -> None:
    Contact.objects.create(user_from=ana, user_to=ben)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(user_from=ana, user_to=ben)


def test_the_database_refuses_following_oneself(ana: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(user_from=ana, user_to=ana)


def test_a_form_redirects_to_the_page_that_it_was_sent_from(as_ana: Client, ben: User) -> None:
    response = as_ana.post("/people/ben/follow/", {"action": "follow", "next": "/people/#person-2"})
    assert (response.status_code, response["Location"]) == (303, "/people/#person-2")
    response = press(as_ana, "unfollow")
    assert (response.status_code, response["Location"]) == (303, "/people/ben/")
    assert not Contact.objects.exists()


def test_htmx_gets_the_button_and_the_count(as_ana: Client, ben: User) -> None:
    html = press(as_ana, "follow", headers=HTMX).text
    assert f'id="follow-{ben.profile.pk}"' in html
    assert 'value="unfollow"' in html
    assert "Unfollow <bdi" in html
    assert "Ben Okafor</bdi></button>" in html
    assert text_of(html, f"#followers-{ben.profile.pk}[hx-swap-oob]") == "1 follower"
    assert "<html" not in html
    html = press(as_ana, "unfollow", headers=HTMX).text
    assert 'value="follow"' in html
    assert ">0 followers<" in html


def test_the_button_in_the_partial_also_works_as_a_plain_form(as_ana: Client, ben: User) -> None:
    html = press(as_ana, "follow", headers=HTMX).text
    assert "csrfmiddlewaretoken" in html
    assert 'name="next" value="/people/ben/"' in html


@pytest.mark.parametrize("data", [{}, {"action": ""}, {"action": "toggle"}, {"action": "Follow"}])
def test_an_unknown_action_is_refused(as_ana: Client, ben: User, data: dict[str, str]) -> None:
    assert as_ana.post("/people/ben/follow/", data).status_code == 400
    assert not Contact.objects.exists()


def test_following_oneself_is_refused(as_ana: Client) -> None:
    assert press(as_ana, "follow", "ana").status_code == 400


def test_following_an_unknown_person_is_not_found(as_ana: Client) -> None:
    assert press(as_ana, "follow", "nobody").status_code == 404


def test_following_an_inactive_person_is_not_found(as_ana: Client, ben: User) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert press(as_ana, "follow").status_code == 404
    assert not Contact.objects.exists()


def test_get_does_not_follow(as_ana: Client, ben: User) -> None:
    assert as_ana.get("/people/ben/follow/").status_code == 405
    assert not Contact.objects.exists()


def test_signed_out_people_are_sent_to_the_login_page_and_back(client: Client, ben: User) -> None:
    response = press(client, "follow")
    assert (response.status_code, response["Location"]) == (
        302,
        "/accounts/login/?next=/people/ben/",
    )
    assert not Contact.objects.exists()


def test_deleting_a_person_deletes_their_follows_and_actions(ana: User, ben: User) -> None:
    Contact.objects.follow(ana, ben)
    Contact.objects.follow(ben, ana)
    ben.delete()
    assert not Contact.objects.exists()
    assert not Action.objects.exists()


def test_a_follow_counts_no_rows(as_ana: Client, ben: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        as_ana.post("/people/ben/follow/", {"action": "follow"}, headers={"HX-Request": "true"})
    assert not [query for query in queries if counts_rows(query["sql"])]
