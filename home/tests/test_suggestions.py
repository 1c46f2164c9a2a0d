"""Suggestions of people to follow."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from home import suggestions
from home.suggestions import load_newest_images, people_to_suggest
from images.models import Image
from people.models import Contact, Dismissal
from testing.markup import has
from testing.people import count_image, create_users, follow

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(ana: User, ben: User, cleo: User) -> list[User]:
    """More people, all with images."""
    people = create_users(6)
    for person in (ana, ben, cleo, *people):
        count_image(person)
    return people


def suggested(viewer: User, count: int = 6) -> list[str]:
    return [person.user.username for person in people_to_suggest(viewer, count)]


def test_people_with_more_new_followers_are_suggested_before_newer_people(
    ana: User, ben: User, cleo: User, people: list[User]
) -> None:
    for follower, followed in ((cleo, ben), (people[0], ben), (ben, people[1])):
        follow(follower, followed)
    assert suggested(ana) == ["ben", "person01"]
    assert suggested(ana, 1) == ["ben"]


def test_those_whom_the_circle_follows_come_before_the_most_followed(
    ana: User, ben: User, cleo: User, people: list[User]
) -> None:
    for person in people[1:4]:
        follow(person, cleo)
    follow(ben, people[0])
    follow(ana, ben)
    assert suggested(ana) == ["person00", "cleo"]


def test_the_old_follows_of_the_circle_count_too(
    ana: User, ben: User, cleo: User, people: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggestions, "RECENT_FOLLOWS", 1)
    follow(ben, people[0])
    follow(ana, ben)
    follow(people[1], cleo)
    assert suggested(ana) == ["person00", "cleo"]


def test_people_are_not_suggested_to_themselves(
    ana: User, ben: User, cleo: User, people: list[User]
) -> None:
    for followed in (ana, ben):
        follow(cleo, followed)
    follow(ana, cleo)
    assert suggested(ana) == ["ben"]


def test_people_whom_the_viewer_follows_are_not_suggested(
    ana: User, ben: User, cleo: User, people: list[User]
) -> None:
    for follower, followed in ((cleo, ben), (ben, cleo), (ana, cleo), (cleo, people[0])):
        follow(follower, followed)
    assert suggested(ana) == ["person00", "ben"]
    follow(ana, ben)
    assert suggested(ana) == ["person00"]


def test_dismissed_people_are_not_suggested_to_the_same_viewer_again(
    ana: User, ben: User, cleo: User, people: list[User]
) -> None:
    follow(cleo, ben)
    assert Dismissal.objects.dismiss(ana, ben)
    assert not Dismissal.objects.dismiss(ana, ben)
    assert suggested(ana) == []
    assert suggested(people[0]) == ["ben"]


def test_inactive_people_are_not_suggested(
    ana: User, ben: User, cleo: User, people: list[User]
) -> None:
    for follower, followed in ((cleo, ben), (ben, cleo), (people[0], cleo), (ana, ben)):
        follow(follower, followed)
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    assert suggested(ana) == []


def test_people_without_images_are_not_suggested(ana: User, ben: User, cleo: User) -> None:
    follow(cleo, ben)
    assert suggested(ana) == []


def test_the_newest_images_of_each_are_shown(
    ana: User, ben: User, cleo: User, bookmark: Callable[..., Image]
) -> None:
    for number in range(6):
        bookmark(ben, f"Image {number}")
    bookmark(cleo, "A cat")
    follow(cleo, ben)
    follow(ben, cleo)
    people = people_to_suggest(ana, 6)
    with CaptureQueriesContext(connection) as queries:
        load_newest_images(people)
    users: list[Any] = [person.user for person in people]
    shown = {user.username: [str(image) for image in user.newest_images] for user in users}
    assert shown == {"ben": [f"Image {number}" for number in (5, 4, 3, 2)], "cleo": ["A cat"]}
    assert len(queries) == 1


def test_suggestions_cost_the_same_queries_for_many_people(
    ana: User, ben: User, cleo: User, people: list[User]
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            people_to_suggest(ana, 6)
        return len(queries)

    follow(ana, ben)
    follow(ben, cleo)
    few = cost()
    for person in people:
        follow(ben, person)
        follow(ana, person)
        follow(person, cleo)
    assert few == cost() == 4


def test_contacts_are_read_up_to_a_number_for_each_of_the_circle(
    ana: User, ben: User, cleo: User, people: list[User]
) -> None:
    for person in people:
        follow(ben, person)
        follow(cleo, person)
    newest = Contact.objects.newest_of_each("user_from", [ben.pk, cleo.pk, ana.pk], 2)
    assert [(str(row.user_from), str(row.user_to)) for row in newest.order_by("pk")] == [
        ("ben", "person04"),
        ("cleo", "person04"),
        ("ben", "person05"),
        ("cleo", "person05"),
    ]
    assert not Contact.objects.newest_of_each("user_from", [], 2)


def test_the_people_lead_to_a_page_of_suggestions(
    as_ana: Client, ana: User, ben: User, cleo: User, people: list[User]
) -> None:
    follow(ana, ben)
    follow(ben, cleo)
    assert has(as_ana.get("/people/").text, 'main a[href="/suggestions/"]')
    html = as_ana.get("/suggestions/").text
    assert has(html, 'form[action="/people/cleo/follow/"]')
    assert has(html, 'form[action="/people/cleo/dismiss/"]')
    Dismissal.objects.dismiss(ana, cleo)
    assert "nobody to suggest" in as_ana.get("/suggestions/").text


def test_the_feed_of_a_viewer_ends_with_a_link_to_suggestions(
    as_ana: Client, ana: User, ben: User
) -> None:
    link = '#feed .pagination ~ p a[href="/suggestions/"]'
    assert has(as_ana.get("/stream/").text, link)
    follow(ana, ben)
    html = as_ana.get("/stream/").text
    assert has(html, link)
    assert has(html, ".empty-message")
