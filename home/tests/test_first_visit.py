"""The three steps of a first visit."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from images.models import Image
from people.models import Profile
from testing.feed import HTMX
from testing.fixtures.people import PASSWORD
from testing.markup import has
from testing.people import create_users, follow

SIGNUP = {"username": "dora", "email": "dora@example.org"}
SIGNUP |= {"password1": PASSWORD, "password2": PASSWORD}
PAGES = ["/welcome/profile/", "/welcome/people/", "/welcome/images/"]
HOME = ["/", "/stream/"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(client: Client) -> Client:
    """Return the client of Dora, who has just signed up."""
    client.post("/accounts/signup/", SIGNUP)
    return client


def step(username: str = "dora") -> str:
    return Profile.objects.get(user__username=username).first_step


def is_welcomed(client: Client) -> set[bool]:
    """Return whether each page that is the home page leads to the steps."""
    return {has(client.get(path).text, '.first-steps a[href="/welcome/"]') for path in HOME}


def test_signing_up_leads_to_the_first_step_unless_a_page_was_requested(client: Client) -> None:
    assert client.post("/accounts/signup/", SIGNUP).headers["Location"] == "/welcome/profile/"
    other = SIGNUP | {"username": "emil", "email": "emil@example.org", "next": "/people/"}
    assert Client().post("/accounts/signup/", other).headers["Location"] == "/people/"
    assert step() == step("emil") == "profile"


def test_what_people_say_about_themselves_is_saved_and_leads_on(newcomer: Client) -> None:
    typed = {"first_name": "Dora", "bio": "I draw birds.", "link": "example.org"}
    response = newcomer.post("/welcome/profile/", typed)
    assert (response.status_code, response.headers["Location"]) == (303, "/welcome/people/")
    dora = Profile.objects.get()
    assert (dora.name, dora.bio, dora.link) == ("Dora", "I draw birds.", "https://example.org/")
    assert step() == "people"


def test_what_the_first_step_does_not_ask_for_is_kept(newcomer: Client) -> None:
    Profile.objects.update(date_of_birth="1990-05-17", told_of_likes="nobody")
    newcomer.post("/welcome/profile/", {"first_name": "Dora"})
    dora = Profile.objects.get()
    assert (str(dora.date_of_birth), dora.told_of_likes) == ("1990-05-17", "nobody")


def test_a_mistake_is_explained_and_the_input_is_kept(newcomer: Client) -> None:
    for headers in ({}, HTMX):
        typed = {"first_name": "Dora", "link": "javascript:alert(1)"}
        response = newcomer.post("/welcome/profile/", typed, headers=headers)
        assert response.status_code == 422
        assert has(response.text, 'input[name="first_name"][value="Dora"]')
        assert has(response.text, 'input[name="link"][aria-invalid]')
        assert has(response.text, "h1") == (not headers)
    assert step() == "profile"


@pytest.mark.parametrize(
    ("to", "location"),
    [("people", PAGES[1]), ("images", PAGES[2]), ("done", "/")],
)
def test_steps_are_skipped_and_the_progress_is_kept(
    newcomer: Client, to: str, location: str
) -> None:
    for _ in range(2):
        response = newcomer.post("/welcome/", {"step": to})
        assert (response.status_code, response.headers["Location"]) == (303, location)
        assert step() == to
    assert newcomer.get("/welcome/").headers["Location"] == location


def test_the_home_page_leads_to_the_steps_until_they_are_done(newcomer: Client) -> None:
    assert is_welcomed(newcomer) == {True}
    newcomer.post("/welcome/", {"step": "images"})
    assert is_welcomed(newcomer) == {True}
    newcomer.post("/welcome/", {"step": "done"})
    assert is_welcomed(newcomer) == {False}
    newcomer.post("/welcome/profile/", {"first_name": "Dora"})
    assert step() == "done"


def test_the_last_step_leads_to_the_ways_to_add_an_image(newcomer: Client) -> None:
    data = {"step": "done", "next": "/images/add/"}
    assert newcomer.post("/welcome/", data).headers["Location"] == "/images/add/"
    data["next"] = "https://evil.example/"
    assert newcomer.post("/welcome/", data).headers["Location"] == "/"


@pytest.mark.parametrize("to", ["", "everything"])
def test_an_unknown_step_is_an_error(newcomer: Client, to: str) -> None:
    assert newcomer.post("/welcome/", {"step": to}).status_code == 400
    assert step() == "profile"


def test_people_who_did_not_just_sign_up_see_no_steps(as_ana: Client, ana: User) -> None:
    assert is_welcomed(as_ana) == {False}
    assert as_ana.get("/welcome/").headers["Location"] == "/"
    as_ana.post("/welcome/", {"step": "profile"})
    assert is_welcomed(as_ana) == {False}


def test_a_row_of_an_earlier_version_is_of_a_person_who_is_done(ana: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_profile")
        cursor.execute(
            "INSERT INTO people_profile (user_id, photo, username_skeleton) VALUES (%s, '', 'ana')",
            [ana.pk],
        )
    assert step("ana") == "done"


def test_every_page_stays_within_reach(newcomer: Client) -> None:
    for path in (*HOME, *PAGES, "/images/", "/people/", "/people/dora/", "/settings/"):
        assert newcomer.get(path).status_code == 200


def test_the_database_refuses_an_unknown_step(ana: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Profile.objects.update(first_step="x")


def test_people_are_suggested_with_their_images(
    newcomer: Client, ben: User, cleo: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(ben, "A bird")
    follow(cleo, ben)
    html = newcomer.get("/welcome/people/").text
    assert has(html, f'.suggestions a[href="{image.get_absolute_url()}"] img[alt="A bird"]')
    assert has(
        html, 'form[action="/people/ben/follow/"] input[name="next"][value="/welcome/people/"]'
    )


def test_a_person_who_was_just_followed_stays_on_the_page(
    newcomer: Client, ben: User, cleo: User, bookmark: Callable[..., Image]
) -> None:
    bookmark(ben, "A bird")
    follow(cleo, ben)
    assert not has(newcomer.get("/welcome/people/").text, "[aria-labelledby='followed']")
    data = {"action": "follow", "next": "/welcome/people/"}
    html = newcomer.post("/people/ben/follow/", data, follow=True).text
    assert has(html, "[aria-labelledby='followed'] a[href='/people/ben/']")


def test_the_page_costs_the_same_queries_for_many_people(
    newcomer: Client, ben: User, bookmark: Callable[..., Image]
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            newcomer.get("/welcome/people/")
        return len(queries)

    people = create_users(8)
    bookmark(people[0], "A bird")
    follow(ben, people[0])
    few = cost()
    for person in people:
        bookmark(person, "A bird")
        bookmark(person, "A cat", "red")
        follow(ben, person)
    assert few == cost() <= 7
    dora = User.objects.get(username="dora")
    follow(dora, people[0])
    few = cost()
    for person in people[1:6]:
        follow(dora, person)
    assert few == cost() <= 8
