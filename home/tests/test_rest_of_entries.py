"""People and images that an entry or a notification only counts can be seen in a list."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from images.models import Image
from people.models import Contact
from stream.models import Action
from testing.actions import make_actions, save_actions
from testing.people import create_users

type Bookmark = Callable[..., Image]
MORE, OTHERS = ".entry__more a", ".entry__text a, .notification p a"


def linked(client: Client, path: str, selector: str, text: str) -> list[str]:
    """Return the addresses of the links on a page with a text, each of which has to answer."""
    links = LexborHTMLParser(client.get(path).text).css(selector)
    found = [str(link.attributes["href"]) for link in links if text in link.text()]
    assert [client.get(url).status_code for url in found] == [200] * len(found)
    return found


@pytest.mark.parametrize("path", ["/stream/", "/people/ben/activity/", "/people/ben/"])
def test_more_saved_images_are_on_the_profile(
    as_ana: Client, ben: User, bookmark: Bookmark, path: str
) -> None:
    for number in range(7):
        bookmark(ben, f"Bird {number}")
    assert linked(as_ana, path, MORE, "and 1 more") == ["/people/ben/"]


def test_more_liked_images_are_in_the_list_of_likes(
    as_ana: Client, ben: User, cleo: User, bookmark: Bookmark
) -> None:
    for number in range(8):
        bookmark(ben, f"Bird {number}").like(cleo)
    path = "/people/cleo/activity/"
    assert linked(as_ana, path, MORE, "and 2 more") == ["/people/cleo/likes/"]


def test_more_followed_people_are_in_the_list_of_those_whom_the_person_follows(
    as_ana: Client, ben: User
) -> None:
    save_actions(make_actions(ben, "is following", create_users(9)))
    assert linked(as_ana, "/stream/", MORE, "and 5 more") == ["/people/ben/following/"]


def test_more_people_whom_several_follow_are_in_one_list_for_each(
    as_ana: Client, ben: User, cleo: User
) -> None:
    people = create_users(9)
    save_actions(make_actions(ben, "is following", people[:5]))
    save_actions(make_actions(cleo, "is following", people[5:]))
    assert linked(as_ana, "/stream/", MORE, "follows") == [
        "/people/ben/following/",
        "/people/cleo/following/",
    ]


def test_others_who_like_an_image_are_in_its_list_of_likes(
    as_ana: Client, ana: User, ben: User, bookmark: Bookmark
) -> None:
    theirs, mine = bookmark(ben, "A bird"), bookmark(ana, "A fish", "olive")
    for person in create_users(4):
        theirs.like(person)
        mine.like(person)
    urls = [f"/images/{image.pk}/likes/" for image in (mine, theirs)]
    assert linked(as_ana, "/stream/", OTHERS, "2 others") == urls
    assert linked(as_ana, "/notifications/", OTHERS, "2 others") == urls[:1]


def test_others_who_follow_a_person_are_in_the_list_of_their_followers(
    as_ana: Client, ana: User, ben: User
) -> None:
    people = create_users(3)
    for person in people:
        Contact.objects.follow(person, ana)
    assert linked(as_ana, "/notifications/", OTHERS, "1 other") == ["/people/ana/followers/"]
    for person in people:
        Contact.objects.unfollow(person, ana)
        Contact.objects.follow(person, ben)
    assert linked(as_ana, "/stream/", OTHERS, "1 other") == ["/people/ben/followers/"]


def test_others_who_joined_are_in_the_list_of_people(as_ana: Client) -> None:
    people = create_users(4)
    save_actions(Action(user=each, verb="has created an account") for each in people)
    assert linked(as_ana, "/stream/", OTHERS, "2 others") == ["/people/"]


def test_a_profile_only_says_how_many_people_somebody_followed(as_ana: Client, ben: User) -> None:
    save_actions(make_actions(ben, "is following", create_users(9)))
    text = as_ana.get("/people/ben/").text
    assert "9 people" in text
    assert "entry__more" not in text
