"""A person's activity: a separate page, of which the profile shows the newest."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from people.models import Contact
from stream.models import Action
from stream.record import create_action
from testing.actions import save_ungrouped_actions
from testing.feed import HTMX, encode_cursor, entry_ids, entry_ids_by_page, entry_texts
from testing.markup import has, next_page, text_of
from testing.people import follow

URL = "/people/ben/activity/"


def test_the_activity_shows_only_the_actions_of_that_person(
    as_ana: Client, ana: User, ben: User, cleo: User
) -> None:
    follow(ana, cleo)
    save_ungrouped_actions(cleo, 1)
    save_ungrouped_actions(ana, 1)
    keys = save_ungrouped_actions(ben, 3)
    assert entry_ids(as_ana.get(URL).text) == keys


def test_similar_actions_in_a_row_are_one_entry(
    as_ana: Client, ana: User, ben: User, cleo: User
) -> None:
    for person in (ana, cleo):
        Contact.objects.follow(ben, person)
    html = as_ana.get(URL).text
    assert entry_texts(html) == ["Ben Okafor is following 2 people"]
    Contact.objects.unfollow(ben, cleo)
    assert entry_texts(as_ana.get(URL).text) == ["Ben Okafor is following Ana Silva"]


def test_the_viewers_own_activity_is_titled_your_activity(
    as_ana: Client, ana: User, ben: User
) -> None:
    keys = save_ungrouped_actions(ana, 1)
    html = as_ana.get("/people/ana/activity/").text
    assert text_of(html, "h1") == "Your activity"
    assert entry_ids(html) == keys
    assert "Activity of <bdi>Ben Okafor</bdi>" in as_ana.get(URL).text


@pytest.mark.parametrize("headers", [None, HTMX])
def test_the_activity_has_ten_entries_a_page(
    as_ana: Client, ben: User, headers: dict[str, str] | None
) -> None:
    keys = save_ungrouped_actions(ben, 25)
    assert entry_ids_by_page(as_ana, URL, headers) == [keys[:10], keys[10:20], keys[20:]]


def test_htmx_gets_only_the_feed_and_then_only_older_entries(as_ana: Client, ben: User) -> None:
    save_ungrouped_actions(ben, 11)
    assert "<html" in as_ana.get(URL).text
    first = as_ana.get(URL, headers=HTMX).text
    assert first.lstrip().startswith('<div class="feed" id="feed">')
    # Only the home feed polls for new activity.
    assert "new-activity" not in first
    second = as_ana.get(next_page(first), headers=HTMX).text
    assert second.lstrip().startswith("<li")
    assert 'id="feed"' not in second


def test_a_person_without_actions_has_an_empty_page(as_ana: Client, ben: User) -> None:
    assert "No activity yet" in as_ana.get(URL).text


@pytest.mark.parametrize("headers", [None, HTMX])
def test_unknown_and_inactive_people_have_no_activity(
    as_ana: Client, ben: User, headers: dict[str, str] | None
) -> None:
    create_action(ben, "sang")
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert as_ana.get(URL, headers=headers).status_code == 404
    assert as_ana.get("/people/nobody/activity/", headers=headers).status_code == 404


@pytest.mark.parametrize("cursor", ["x", encode_cursor([1, 1]), encode_cursor(["2026-01-01", 1])])
def test_an_invalid_cursor_is_refused(as_ana: Client, ben: User, cursor: str) -> None:
    assert as_ana.get(URL, {"before": cursor}).status_code == 400


def test_signed_out_people_cannot_see_the_activity(client: Client, ben: User) -> None:
    assert client.get(URL)["Location"] == f"/accounts/login/?next={URL}"


@pytest.mark.parametrize("username", ["ana", "ben"])
def test_a_profile_shows_the_newest_five_entries_and_links_to_all(
    as_ana: Client, ben: User, username: str
) -> None:
    person = User.objects.get(username=username)
    link = f'a[href="/people/{username}/activity/"]'
    keys = save_ungrouped_actions(person, 5)
    html = as_ana.get(f"/people/{username}/").text
    assert entry_ids(html) == keys
    assert text_of(html, link) == "Activity"
    Action.objects.all().delete()
    keys = save_ungrouped_actions(person, 6)
    html = as_ana.get(f"/people/{username}/").text
    assert entry_ids(html) == keys[:5]
    assert has(html, f".standalone-link {link}")
