"""The images that a person likes."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from images.models import Image
from people.deactivation import deactivate
from testing.markup import has, next_page, text_of

pytestmark = pytest.mark.django_db
Bookmark = Callable[..., Image]
PATH = "/people/ben/likes/"


def test_the_newest_like_is_the_first(
    as_ana: Client, ben: User, cleo: User, bookmark: Bookmark
) -> None:
    older, newer = bookmark(cleo, "Older"), bookmark(cleo, "Newer", "maroon")
    newer.like(ben)
    older.like(ben)
    html = as_ana.get(PATH).text
    assert html.index(">Older<") < html.index(">Newer<")
    assert text_of(html, "h1") == "Images Ben Okafor likes"


def test_the_buttons_and_counts_are_those_of_the_viewer(
    as_ana: Client, ben: User, bookmark: Bookmark
) -> None:
    image = bookmark(ben)
    image.like(ben)
    html = as_ana.get(PATH).text
    assert has(html, f'#like-{image.pk} [value="like"]')
    assert has(html, f'[name="next"][value="{PATH}#image-{image.pk}"]')
    assert text_of(html, f"#likes-{image.pk}") == "1 like"


def test_images_of_deactivated_people_and_unliked_ones_are_left_out(
    as_ana: Client, ben: User, cleo: User, bookmark: Bookmark
) -> None:
    hidden, unliked = bookmark(cleo, "Hidden"), bookmark(ben, "Unliked", "maroon")
    hidden.like(ben)
    unliked.like(ben)
    unliked.unlike(ben)
    deactivate([cleo])
    html = as_ana.get(PATH).text
    assert not has(html, ".image-card")
    assert "likes no images yet" in html


def test_more_images_follow_below_the_last_one(
    as_ana: Client, ben: User, bookmark: Bookmark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("home.views.PAGE_SIZE", 2)
    for number, colour in enumerate(["teal", "maroon", "olive"]):
        bookmark(ben, f"Bird {number}", colour).like(ben)
    first = as_ana.get(PATH).text
    rest = as_ana.get(next_page(first), headers={"HX-Request": "true"}).text
    assert ">Bird 0<" not in first
    assert ">Bird 0<" in rest
    assert not has(rest, "h1")


def test_a_profile_leads_to_its_likes(as_ana: Client, ben: User) -> None:
    assert has(as_ana.get("/people/ben/").text, f'a[href="{PATH}"]')


@pytest.mark.parametrize("name", ["nobody", "cleo"])
def test_there_are_no_likes_of_people_who_are_not_there(
    as_ana: Client, cleo: User, name: str
) -> None:
    deactivate([cleo])
    assert as_ana.get(f"/people/{name}/likes/").status_code == 404
