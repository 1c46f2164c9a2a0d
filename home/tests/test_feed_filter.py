"""The home feed can show only what people do with images, and remembers it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client

from images.models import Image
from stream.feed import feed_of_others
from stream.record import create_action
from testing.feed import HTMX, entry_texts
from testing.markup import has
from testing.people import follow

EVERYTHING = ["Ben Okafor is following cleo", "Ben Okafor saved this"]


@pytest.fixture
def acts(ana: User, ben: User, cleo: User, bookmark: Callable[..., Image]) -> None:
    bookmark(ben, "A bird")
    create_action(ben, "is following", cleo)


def show(client: Client, value: str) -> None:
    response = client.post("/stream/filter/", {"show": value})
    assert (response.status_code, response["Location"]) == (303, "/")


@pytest.mark.parametrize("follows", [True, False])
def test_the_feed_shows_everything_or_images_only(
    as_ana: Client, ana: User, ben: User, acts: None, follows: bool
) -> None:
    if follows:
        follow(ana, ben)
    assert entry_texts(as_ana.get("/stream/").text)[:2] == EVERYTHING
    show(as_ana, "images")
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == EVERYTHING[1:]
    assert has(html, 'button[value="images"][aria-current="true"]')
    show(as_ana, "everything")
    assert entry_texts(as_ana.get("/stream/").text)[:2] == EVERYTHING


def test_a_large_following_has_the_same_filter(
    as_ana: Client, ana: User, ben: User, acts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stream.feed.LARGE_FOLLOWING", 0)
    follow(ana, ben)
    show(as_ana, "images")
    assert entry_texts(as_ana.get("/stream/").text) == EVERYTHING[1:]


def test_the_choice_is_of_one_viewer_and_of_the_home_feed_alone(
    as_ana: Client, cleo: User, sign_in: Callable[[User], Client], acts: None
) -> None:
    show(as_ana, "images")
    assert entry_texts(as_ana.get("/people/ben/activity/").text)[:2] == EVERYTHING
    assert EVERYTHING[1] in entry_texts(sign_in(cleo).get("/stream/").text)


@pytest.mark.parametrize("follows", [True, False])
def test_other_acts_are_no_new_activity(
    as_ana: Client, ana: User, ben: User, cleo: User, acts: None, follows: bool
) -> None:
    if follows:
        follow(ana, ben)
    everyone = "" if follows else "&everyone=1"
    create_action(ben, "is following", ana)
    url = f"/stream/new/?after=&shown=0&images=1{everyone}"
    show(as_ana, "images")
    assert "1 new action" in as_ana.get(url, headers=HTMX).text
    Image.objects.all().delete()
    assert as_ana.get(url, headers=HTMX).status_code == 204


def test_an_unknown_choice_is_refused(as_ana: Client) -> None:
    assert as_ana.post("/stream/filter/", {"show": "nothing"}).status_code == 400


# PostgreSQL sorts a table this small.
@pytest.mark.sqlite
def test_the_newest_about_images_are_found_without_sorting_all_of_them(ana: User) -> None:
    feed = replace(feed_of_others(ana), model=Image)
    assert "ORDER BY" not in feed.actions.by_others(ana.pk).newest()[:10].explain()
    assert "ORDER BY" not in feed.actions.recent(10).newest()[:10].explain()
