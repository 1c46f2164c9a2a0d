"""Feed entries about images."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.contrib.auth.models import User
from django.test import Client

from images.models import Image
from stream.models import Action
from testing.actions import START, make_actions, save_actions
from testing.feed import HTMX, entry_ids, entry_texts, paragraphs_of
from testing.markup import has, next_page
from testing.people import count_image, create_users, follow

type Bookmark = Callable[..., Image]
STORAGE = "django.core.files.storage.FileSystemStorage"


@pytest.fixture
def liked(ana: User, ben: User, cleo: User, bookmark: Bookmark) -> list[Image]:
    """Images by Ben, liked by Cleo, whom Ana follows. The last image has the newest like."""
    follow(ana, cleo)
    images = [bookmark(ben, f"Bird {number}") for number in range(5)]
    for image in images:
        image.like(cleo)
    return images


def cards(html: str) -> list[tuple[str, str]]:
    """Return the link and the alternative text of each image."""
    return re.findall(
        r'<a class="image-card__link"\s+href="([^"]+)".*?alt="([^"]*)"', html, re.DOTALL
    )


def test_five_likes_are_one_entry_with_five_images(
    as_ana: Client, liked: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{STORAGE}._open", None)
    monkeypatch.setattr(f"{STORAGE}.exists", None)
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["cleo likes 5 images"]
    assert cards(html) == [(image.get_absolute_url(), image.title) for image in reversed(liked)]
    assert has(html, '.entry__text a[href="/people/cleo/likes/"]')


def test_what_several_people_did_to_one_image_is_one_entry(
    as_ana: Client, ana: User, ben: User, cleo: User, bookmark: Bookmark
) -> None:
    others = create_users(4)
    image, other = bookmark(ben, "A bird"), bookmark(ben, "A fish")
    for person in (*others, cleo):
        image.like(person)
    other.like(cleo)
    html = as_ana.get("/stream/").text
    assert paragraphs_of(html) == [
        ["cleo likes this", "Ben Okafor saved this"],
        ["cleo, person03 and 3 others like this", "Ben Okafor saved this"],
    ]
    assert [alt for _, alt in cards(html)] == ["A fish", "A bird"]


def test_saves_of_one_image_by_several_people_are_one_entry(
    as_ana: Client,
    ben: User,
    cleo: User,
    bookmark: Bookmark,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    image = bookmark(ben, "A bird")
    for person in (cleo, *create_users(2)):
        image.save_again(person)
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["person01, person00 and 2 others saved this"]
    assert cards(html) == [(image.get_absolute_url(), "A bird")]
    with django_capture_on_commit_callbacks(execute=True):
        image.delete()
    assert entry_texts(as_ana.get("/stream/").text) == [
        f"{name} saved this" for name in ("person01", "person00", "cleo")
    ]


def test_more_images_than_an_entry_shows_are_counted(
    as_ana: Client, ben: User, bookmark: Bookmark
) -> None:
    for number in range(9):
        bookmark(ben, f"Bird {number}")
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["Ben Okafor saved 9 images"]
    assert len(cards(html)) == 6
    assert "and 3 more" in html


def test_the_owner_is_named_beside_images_of_others_only(
    as_ana: Client, liked: list[Image]
) -> None:
    html = as_ana.get("/people/cleo/activity/").text
    assert has(html, '.image-card__facts a[href="/people/ben/"]')
    html = as_ana.get("/people/ben/activity/").text
    assert not has(html, '.image-card__facts a[href="/people/ben/"]')


def test_an_image_that_is_no_longer_liked_leaves_the_entry(
    as_ana: Client, cleo: User, liked: list[Image]
) -> None:
    liked[2].unlike(cleo)
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["cleo likes 4 images"]
    assert "Bird 2" not in html


def test_a_deleted_image_leaves_the_entry(as_ana: Client, liked: list[Image]) -> None:
    liked[4].delete()
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["cleo likes 4 images"]
    assert "Bird 4" not in html


def test_images_of_a_deactivated_person_are_not_shown(
    as_ana: Client, ben: User, cleo: User, liked: list[Image], bookmark: Bookmark
) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)
    response = as_ana.get("/stream/")
    assert (response.status_code, entry_texts(response.text)) == (200, [])
    bookmark(User.objects.create_user("dora"), "A fish").like(cleo)
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["cleo likes this"]
    assert [alt for _, alt in cards(html)] == ["A fish"]


def test_more_hidden_images_than_an_entry_loads_do_not_hide_the_others(
    as_ana: Client, ben: User, cleo: User, liked: list[Image], bookmark: Bookmark
) -> None:
    fish = bookmark(User.objects.create_user("dora"), "A fish")
    fish.like(cleo)
    for number in range(5, 14):
        bookmark(ben, f"Bird {number}").like(cleo)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["cleo likes this"]
    assert [alt for _, alt in cards(html)] == ["A fish"]
    fish.delete()
    assert entry_texts(as_ana.get("/stream/").text) == []


def test_hidden_images_are_not_counted_however_many_an_entry_has(
    as_ana: Client, ben: User, cleo: User, liked: list[Image], bookmark: Bookmark
) -> None:
    dora = User.objects.create_user("dora")
    for number in range(9):
        bookmark(dora, f"Fish {number}").like(cleo)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["cleo likes 9 images"]
    assert len(cards(html)) == 6
    assert "and 3 more" in html


def test_an_image_that_its_owner_likes_is_one_entry(
    as_ana: Client, ben: User, bookmark: Bookmark
) -> None:
    bird = bookmark(ben, "A bird")
    bird.like(ben)
    html = as_ana.get("/stream/").text
    assert paragraphs_of(html) == [["Ben Okafor likes this", "Ben Okafor saved this"]]
    assert [alt for _, alt in cards(html)] == ["A bird"]
    bookmark(ben, "A fish")
    assert paragraphs_of(as_ana.get("/stream/").text) == [
        ["Ben Okafor saved 2 images", "Ben Okafor likes 1 image"]
    ]
    bird.unlike(ben)
    assert paragraphs_of(as_ana.get("/stream/").text) == [["Ben Okafor saved 2 images"]]


def test_an_image_that_its_owner_likes_hours_later_is_two_entries(
    as_ana: Client, ben: User, bookmark: Bookmark
) -> None:
    image = bookmark(ben, "A bird")
    image.like(ben)
    save, like = Action.objects.about(Image, [image.pk]).order_by("pk")
    for action, hour in ((save, 9), (like, 12)):
        created = START.replace(hour=hour)
        Action.objects.filter(pk=action.pk).update(created=created)
    assert entry_texts(as_ana.get("/stream/").text) == [
        "Ben Okafor likes this",
        "Ben Okafor saved this",
    ]


def test_titles_are_escaped(as_ana: Client, ben: User, bookmark: Bookmark) -> None:
    for colour in ("teal", "red"):
        bookmark(ben, "\"><script>alert('x')</script>", colour)
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["Ben Okafor saved 2 images"]
    assert "<script>alert" not in html


@pytest.mark.parametrize("headers", [None, HTMX])
@pytest.mark.parametrize("following", ["nobody", "few", "many"])
def test_a_page_costs_at_most_8_queries_and_opens_no_file(
    as_ana: Client,
    ana: User,
    ben: User,
    following: str,
    headers: dict[str, str] | None,
    bookmark: Bookmark,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    images = [bookmark(ben, f"Bird {number}") for number in range(10)]
    people = create_users(10)
    for person in people:
        follow(ben, person)
        count_image(person)
    if following != "nobody":
        ana.following.set(people)  # type: ignore[attr-defined]
    if following == "many":
        monkeypatch.setattr("stream.feed.LARGE_FOLLOWING", 1)
    actions: list[Action] = []
    for person in people:
        actions += make_actions(person, "likes", images) + make_actions(
            person, "is following", people
        )
        actions += make_actions(person, "bookmarked image", images)
    save_actions(actions)
    as_ana.get("/stream/")
    monkeypatch.setattr(f"{STORAGE}._open", None)
    monkeypatch.setattr(f"{STORAGE}.exists", None)
    with django_assert_max_num_queries(8):
        first = as_ana.get("/stream/", headers=headers).text
    with django_assert_max_num_queries(8):
        second = as_ana.get(next_page(first), headers=headers).text
    assert len(entry_ids(first)) == len(entry_ids(second)) == 10
    assert len(cards(first)) >= 10
    assert ('class="suggestions"' in first) == (following == "nobody")
