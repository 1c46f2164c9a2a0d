"""The list of people, and profiles."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from demo.photos import draw_photo
from people.deactivation import deactivate
from people.models import Contact
from testing.markup import has, next_page, text_of

URLS = ["/people/", "/people/ana/", "/people/ana/followers/", "/people/ana/following/"]


def crowd(size: int) -> list[User]:
    return [User.objects.create_user(f"person{number:02}") for number in range(size)]


def names(html: str) -> list[str]:
    return re.findall(r'<h2[^>]*><a href="/people/([^/]+)/">', html, re.DOTALL)


def followers(html: str, person: User) -> str:
    return text_of(html, f"#followers-{person.profile.pk}")


def give_photo(user: User) -> None:
    photo = io.BytesIO()
    draw_photo(user.username, 64).save(photo, "WEBP")
    user.profile.photo.save("photo.webp", ContentFile(photo.getvalue()))


@pytest.mark.parametrize("url", URLS)
def test_signed_out_people_cannot_see_people(client: Client, ana: User, url: str) -> None:
    assert client.get(url)["Location"] == f"/accounts/login/?next={url}"


@pytest.mark.parametrize("url", URLS[1:])
def test_an_unknown_or_inactive_person_is_not_found(as_ana: Client, ben: User, url: str) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert as_ana.get(url.replace("ana", "nobody")).status_code == 404
    response = as_ana.get(url.replace("ana", "ben"))
    assert response.status_code == 404
    assert "Page not found" in response.text


def test_the_list_shows_24_people_a_page_newest_first(as_ana: Client) -> None:
    crowd(30)
    first = as_ana.get("/people/").text
    assert names(first) == [f"person{number:02}" for number in range(29, 5, -1)]
    second = as_ana.get(next_page(first)).text
    assert names(second) == [*(f"person{number:02}" for number in range(5, -1, -1)), "ana"]
    assert not next_page(second)


def test_htmx_gets_only_the_next_cards_and_the_next_link(as_ana: Client) -> None:
    crowd(60)
    link = re.search(r'hx-get="([^"]+)"', as_ana.get("/people/").text)
    assert link
    html = as_ana.get(link[1], headers={"HX-Request": "true"}).text
    assert len(names(html)) == 24
    assert "<html" not in html
    assert "<ul" not in html
    assert 'id="people-more"' in html
    assert 'hx-swap-oob="true"' in html


def test_paging_repeats_and_skips_nobody_when_people_join_or_leave(as_ana: Client) -> None:
    crowd(30)
    first = as_ana.get("/people/").text
    User.objects.create_user("late")
    User.objects.filter(username="person10").delete()
    assert names(as_ana.get(next_page(first)).text)[0] == "person05"


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "WzFd!",
        "e30=",
        "W10=",
        "WyJhIl0=",
        "W251bGxd",
        "W0luZmluaXR5XQ==",
        "WzEsMl0=",
        "%00",
        "ü",
    ],
)
def test_an_invalid_cursor_is_refused(as_ana: Client, cursor: str) -> None:
    assert as_ana.get("/people/", {"before": cursor}).status_code == 400


def test_inactive_people_are_not_listed_and_not_counted(
    as_ana: Client, ben: User, cleo: User
) -> None:
    Contact.objects.follow(ben, cleo)
    deactivate([ben])
    html = as_ana.get("/people/").text
    assert names(html) == ["cleo", "ana"]
    assert followers(html, cleo) == "0 followers"


def test_inactive_people_are_missing_from_follower_lists_and_counts(
    as_ana: Client, ben: User, cleo: User
) -> None:
    dora = User.objects.create_user("dora")
    for person in (cleo, dora):
        Contact.objects.follow(person, ben)
        Contact.objects.follow(ben, person)
    deactivate([dora])
    for side in ("followers", "following"):
        assert names(as_ana.get(f"/people/ben/{side}/").text) == ["cleo"]
    html = as_ana.get("/people/ben/").text
    assert followers(html, ben) == "1 follower"
    assert "1 following" in html
    assert "/people/dora/" not in html


def test_a_profile_shows_the_person_and_the_follow_button(
    as_ana: Client, ben: User, cleo: User
) -> None:
    Contact.objects.follow(cleo, ben)
    Contact.objects.follow(ben, cleo)
    html = as_ana.get("/people/ben/").text
    assert "<h1><bdi>Ben Okafor</bdi></h1>" in html
    assert followers(html, ben) == "1 follower"
    assert "1 following" in html
    assert 'value="follow"' in html
    assert 'href="/people/cleo/"' in html


def test_the_viewers_own_profile_has_an_edit_link_and_no_follow_button(as_ana: Client) -> None:
    html = as_ana.get("/people/ana/").text
    assert "Edit profile</a>" in html
    assert 'id="follow-' not in html


def test_followers_and_followed_people_are_listed_newest_first_with_buttons(
    as_ana: Client, ana: User, ben: User, cleo: User
) -> None:
    Contact.objects.follow(ana, ben)
    Contact.objects.follow(cleo, ben)
    html = as_ana.get("/people/ben/followers/").text
    assert names(html) == ["cleo", "ana"]
    assert f'id="follow-{cleo.profile.pk}"' in html
    assert "This is you" in html
    assert names(as_ana.get("/people/cleo/following/").text) == ["ben"]
    assert "is not following anyone yet" in as_ana.get("/people/ben/following/").text


@pytest.mark.parametrize("side", ["followers", "following"])
def test_long_lists_of_a_person_are_paged(as_ana: Client, ben: User, side: str) -> None:
    for person in crowd(30):
        pair = (person, ben) if side == "followers" else (ben, person)
        Contact.objects.follow(*pair)
    url, seen = f"/people/ben/{side}/", []
    while url:
        html = as_ana.get(url).text
        seen += names(html)
        url = next_page(html)
    assert seen == [f"person{number:02}" for number in range(29, -1, -1)]


def test_photos_have_two_sizes_a_jpeg_and_their_dimensions(as_ana: Client, ben: User) -> None:
    assert 'src="/static/img/person.' in as_ana.get("/people/ben/").text
    give_photo(ben)
    html = as_ana.get("/people/ben/").text
    name = f"/media/{ben.profile.photo.name}"
    assert has(
        html, f'source[type="image/webp"][srcset="{name}.photo.webp, {name}.photo_2x.webp 2x"]'
    )
    assert has(html, f'source + img[src="{name}.photo_jpeg.jpg"][width="180"][height="180"]')


def test_the_navigation_marks_people(as_ana: Client) -> None:
    marked = '[href="/people/"][aria-current="page"]'
    assert has(as_ana.get("/people/").text, marked)
    assert not has(as_ana.get("/").text, marked)


def test_names_are_escaped(as_ana: Client, ben: User) -> None:
    User.objects.filter(pk=ben.pk).update(first_name="<script>alert(1)</script>")
    for url in ("/people/", "/people/ben/", "/people/ben/followers/"):
        assert "<script>alert" not in as_ana.get(url).text


@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("/people/", 6),
        ("/people/ben/", 7),
        ("/people/ben/followers/", 6),
        ("/people/ben/following/", 6),
    ],
)
def test_a_page_costs_few_queries_for_any_number_of_people(
    as_ana: Client,
    ana: User,
    ben: User,
    url: str,
    most: int,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    people = crowd(30)
    for person in people:
        if person.username < "person10":
            give_photo(person)
        Contact.objects.follow(person, ben)
        Contact.objects.follow(ben, person)
        Contact.objects.follow(ana, person)
    with django_assert_max_num_queries(most):
        assert len(as_ana.get(url).text) > 1000


@pytest.mark.parametrize("path", ["/people/", "/people/cleo/followers/", "/people/cleo/following/"])
def test_cards_of_people_who_follow_the_viewer_say_so(
    as_ana: Client, ana: User, ben: User, cleo: User, path: str
) -> None:
    dora = User.objects.create_user("dora")
    for person in (ben, dora):
        Contact.objects.follow(person, cleo)
        Contact.objects.follow(cleo, person)
    Contact.objects.follow(ben, ana)
    Contact.objects.follow(ana, dora)
    badges = LexborHTMLParser(as_ana.get(path).text).css(".person-card .badge")
    assert [badge.parent and badge.parent.id for badge in badges] == [f"person-{ben.profile.pk}"]


def test_a_profile_says_whether_its_person_follows_the_viewer(
    as_ana: Client, ana: User, ben: User
) -> None:
    Contact.objects.follow(ana, ben)
    assert "Follows you" not in as_ana.get("/people/ben/").text
    assert "Follows you" not in as_ana.get("/people/ana/").text
    Contact.objects.follow(ben, ana)
    assert "Follows you" in as_ana.get("/people/ben/").text
    assert "Follows you" not in as_ana.get("/people/ana/").text
