"""Feed entries about images."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.contrib.auth.models import User
from django.test import Client

from images.models import Image
from stream.models import Action
from testing.actions import make_actions, save_actions
from testing.feed import HTMX, entry_ids, entry_texts
from testing.markup import next_page
from testing.people import create_users, follow

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


def thumbnails(html: str) -> list[tuple[str, str, str]]:
    """Return the link, the file and the alternative text of each thumbnail."""
    pattern = (
        r'<a href="([^"]+)"[^>]*>\s*<picture><source type="image/webp" srcset="([^"]+)"/?><img\s+'
        r'src="[^"]+jpg"\s+width="80"\s+height="80"\s+alt="([^"]*)"'
    )
    return re.findall(pattern, html)


def test_five_likes_in_a_row_are_one_entry_with_five_thumbnails(
    as_ana: Client, liked: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{STORAGE}._open", None)
    monkeypatch.setattr(f"{STORAGE}.exists", None)
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["cleo likes 5 images"]
    assert thumbnails(html) == [
        (image.get_absolute_url(), f"/media/{image.image.name}.thumbnail.webp", image.title)
        for image in reversed(liked)
    ]


def test_a_single_like_names_the_image_beside_its_thumbnail(
    as_ana: Client, cleo: User, liked: list[Image]
) -> None:
    for image in liked[1:]:
        image.unlike(cleo)
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["cleo likes Bird 0"]
    ((url, _, says),) = thumbnails(html)
    assert (url, says) == (liked[0].get_absolute_url(), " ")


def test_bookmarks_in_a_row_are_one_entry(as_ana: Client, ben: User, bookmark: Bookmark) -> None:
    for title in ("A bird", "A fish"):
        bookmark(ben, title)
    assert entry_texts(as_ana.get("/stream/").text) == ["Ben Okafor bookmarked 2 images"]


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
    assert entry_texts(html) == ["cleo likes A fish"]
    assert len(thumbnails(html)) == 1


def test_titles_are_escaped(as_ana: Client, ben: User, bookmark: Bookmark) -> None:
    for colour in ("teal", "red"):
        bookmark(ben, "\"><script>alert('x')</script>", colour)
    html = as_ana.get("/stream/").text
    assert entry_texts(html) == ["Ben Okafor bookmarked 2 images"]
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
    assert len(thumbnails(first)) >= 60
    assert ('class="suggestions"' in first) == (following == "nobody")
