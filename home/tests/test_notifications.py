"""People are told what others did with what is theirs."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from home.tests.test_new_activity import poll_url
from images.models import Image
from people.deactivation import deactivate
from people.deletion import delete_people
from people.models import Contact, Profile
from stream.models import Action
from stream.record import create_action
from testing.feed import HTMX
from testing.markup import has, next_page, text_of
from testing.people import create_users

Bookmark = Callable[..., Image]
URL = "/notifications/"


@pytest.fixture
def image(ana: User, bookmark: Bookmark) -> Image:
    return bookmark(ana, "A bird")


@pytest.fixture(autouse=True)
def seen_before(ana: User) -> None:
    Profile.objects.update(notifications_seen=timezone.now() - timedelta(days=9))


def lines(client: Client, url: str = URL) -> list[str]:
    """Return the notifications on a page, newest first, with their times left out."""
    page = LexborHTMLParser(client.get(url).text)
    for time in page.css(".notification time"):
        time.decompose()
    return [" ".join(each.text().split()) for each in page.css(".notification p")]


def count(client: Client) -> str:
    return text_of(client.get("/images/").text, "#unseen")


def test_follows_likes_and_saves_are_told_of(
    as_ana: Client, ben: User, cleo: User, image: Image
) -> None:
    Contact.objects.follow(ben, image.user)
    image.like(cleo)
    image.save_again(ben)
    assert count(as_ana) == "3"
    assert lines(as_ana) == [
        "New Ben Okafor saved A bird from you",
        "New cleo likes A bird",
        "New Ben Okafor follows you",
    ]


def test_opening_the_page_marks_all_as_seen(as_ana: Client, ben: User, image: Image) -> None:
    image.like(ben)
    assert text_of(as_ana.get(URL).text, "#unseen") == ""
    assert count(as_ana) == ""
    assert lines(as_ana) == ["Ben Okafor likes A bird"]
    Contact.objects.follow(ben, image.user)
    assert lines(as_ana) == ["New Ben Okafor follows you", "Ben Okafor likes A bird"]


def test_what_several_did_with_one_image_on_one_day_is_one_notification(
    as_ana: Client, ana: User, image: Image, bookmark: Bookmark
) -> None:
    other = bookmark(ana, "A crow", "olive")
    people = create_users(4)
    for person in people:
        image.like(person)
        other.like(person)
    people[0].actions.about(Image, [image.pk]).update(created=timezone.now() - timedelta(days=2))
    assert lines(as_ana) == [
        "New person03, person02 and 2 others like A crow",
        "New person03, person02 and 1 other like A bird",
        "New person00 likes A bird",
    ]


@pytest.mark.parametrize("number", [1, 2])
def test_one_or_two_people_are_named(as_ana: Client, image: Image, number: int) -> None:
    for person in create_users(number):
        image.like(person)
    assert lines(as_ana)[0] in [
        "New person00 likes A bird",
        "New person01 and person00 like A bird",
    ]


def test_an_act_that_is_undone_is_no_longer_told_of(
    as_ana: Client, ana: User, ben: User, image: Image
) -> None:
    Contact.objects.follow(ben, ana)
    image.like(ben)
    saved = image.save_again(ben)
    Contact.objects.unfollow(ben, ana)
    image.unlike(ben)
    saved.delete()
    assert count(as_ana) == ""
    assert not lines(as_ana)


@pytest.mark.parametrize("number", [1, 3])
def test_new_followers_are_followed_in_place(as_ana: Client, ana: User, number: int) -> None:
    people = create_users(number)
    for person in people:
        Contact.objects.follow(person, ana)
    for person in people:
        action = f"/people/{person.username}/follow/"
        form = LexborHTMLParser(as_ana.get(URL).text).css_first(f'form[action="{action}"]')
        assert form
        fields = {node.attributes["name"]: node.attributes["value"] for node in form.css("input")}
        back = as_ana.post(action, fields)["Location"]
        assert Contact.objects.filter(user_from=ana, user_to=person).exists()
        html = as_ana.get(back).text
        assert has(html, f".notification [id='{back.partition('#')[2]}']")
        assert has(html, f'form[action="{action}"] input[value="unfollow"]')
        answer = as_ana.post(action, fields, headers=HTMX).text
        assert all(has(html, f"[id='{key}']") for key in re.findall(r' id="(a[^"]*)"', answer))


def test_likers_are_not_followed_in_place(as_ana: Client, ben: User, image: Image) -> None:
    image.like(ben)
    assert not has(as_ana.get(URL).text, ".notification form")


def test_ones_own_acts_are_not_told_of(as_ana: Client, ana: User, image: Image) -> None:
    image.like(ana)
    image.save_again(ana)
    assert count(as_ana) == ""
    assert not lines(as_ana)


def test_deactivated_people_are_left_out_of_lists_and_counts(
    as_ana: Client, ben: User, cleo: User, image: Image
) -> None:
    image.like(ben)
    image.like(cleo)
    deactivate([ben])
    assert count(as_ana) == "1"
    assert lines(as_ana) == ["New cleo likes A bird"]


@pytest.mark.django_db(transaction=True)
def test_a_save_stays_when_its_source_is_deleted(as_ana: Client, ben: User, image: Image) -> None:
    saved = image.save_again(ben)
    action = Action.objects.get(recipient=image.user)
    assert (action.target, action.about) == (saved, image)
    image.delete()
    action = Action.objects.get(pk=action.pk)
    assert (action.target, action.about, action.about_id) == (saved, None, None)
    assert lines(as_ana) == ["New Ben Okafor saved A bird from you"]


def test_a_deleted_person_is_told_of_nothing_and_their_acts_are_gone(
    as_ana: Client, ana: User, ben: User, cleo: User, image: Image
) -> None:
    image.like(ben)
    delete_people([ben])
    assert not lines(as_ana)
    cleo.refresh_from_db()
    Contact.objects.follow(cleo, ana)
    saved = image.save_again(cleo)
    delete_people([ana])
    assert Action.objects.about(Image, [saved.pk]).get().recipient is None


def test_more_than_99_are_not_counted(as_ana: Client, ana: User, ben: User) -> None:
    Action.objects.bulk_create(Action(user=ben, verb="waved", recipient=ana) for _ in range(101))
    assert count(as_ana) == "99+"


def test_older_ones_are_on_further_pages(as_ana: Client, ana: User, ben: User) -> None:
    Action.objects.bulk_create(
        Action(user=ben, verb=f"waved {n} times to", target=ana, recipient=ana) for n in range(70)
    )
    html = as_ana.get(URL).text
    assert len(lines(as_ana)) == 60
    rest = lines(as_ana, next_page(html))
    assert len(rest) == 10
    assert not set(rest) & set(lines(as_ana))


def test_the_number_of_queries_does_not_grow(
    as_ana: Client,
    image: Image,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    for person in create_users(20):
        image.like(person)
        image.save_again(person)
        Contact.objects.follow(person, image.user)
    with django_assert_max_num_queries(8):
        as_ana.get(URL)


def test_an_open_feed_renews_the_count(as_ana: Client, ana: User, ben: User, image: Image) -> None:
    poll = poll_url(as_ana.get("/stream/").text)
    assert as_ana.get(poll, headers=HTMX).status_code == 204
    image.like(ben)
    html = as_ana.get(poll, headers=HTMX).text
    assert text_of(html, '#unseen[hx-swap-oob="true"]') == "1"
    assert as_ana.get(poll_url(html), headers=HTMX).status_code == 204
    lines(as_ana)
    html = as_ana.get(poll_url(html), headers=HTMX).text
    assert has(html, '#unseen[hx-swap-oob="true"]:empty')


def test_a_recipient_is_never_the_actor(ana: User) -> None:
    with pytest.raises(IntegrityError):
        create_action(ana, "waved", recipient=ana)
