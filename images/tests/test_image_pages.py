"""The list of images, and image pages."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import User
from django.test import Client

from images.models import Image
from people.models import Contact
from stream.models import Action
from testing.markup import next_page

pytestmark = pytest.mark.django_db
Bookmark = Callable[..., Image]
EVIL = "\"><script>alert('x')</script>"


def create_images(user: User, count: int) -> None:
    """Create images without files, which is fast."""
    Image.objects.bulk_create(
        Image(user=user, title=f"Image {n:02}", slug="x", image="x.png", width=3, height=2)
        for n in range(count)
    )


def titles(html: str) -> list[str]:
    return re.findall(r'<article class="image-card".*?<h2[^>]*><a[^>]*>(.*?)</a>', html, re.DOTALL)


@pytest.mark.parametrize("url", ["/images/", "/people/ben/"])
def test_images_are_listed_newest_first_over_several_pages(
    as_ana: Client, ben: User, url: str
) -> None:
    create_images(ben, 60)
    seen: list[str] = []
    while url:
        html = as_ana.get(url).text
        seen += titles(html)
        url = next_page(html)
    assert seen == [f"Image {number:02}" for number in range(59, -1, -1)]


def test_paging_repeats_and_skips_nothing_when_images_are_added_or_deleted(
    as_ana: Client, ben: User
) -> None:
    create_images(ben, 30)
    first = as_ana.get("/images/").text
    create_images(ben, 5)
    Image.objects.filter(title="Image 11").delete()
    assert titles(as_ana.get(next_page(first)).text)[0] == "Image 10"


@pytest.mark.parametrize(("url", "count"), [("/images/", 18), ("/people/ben/", 12)])
def test_htmx_gets_only_the_next_cards_and_the_next_link(
    as_ana: Client, ben: User, url: str, count: int
) -> None:
    create_images(ben, 60)
    html = as_ana.get(next_page(as_ana.get(url).text), headers={"HX-Request": "true"}).text
    assert len(titles(html)) == count
    assert "<html" not in html
    assert 'id="images-more"' in html
    assert 'hx-swap-oob="true"' in html


def test_the_profile_shows_only_the_images_of_that_person(
    as_ana: Client, ana: User, ben: User
) -> None:
    create_images(ana, 2)
    assert "Ben Okafor</bdi> has no images yet" in as_ana.get("/people/ben/").text
    assert len(titles(as_ana.get("/people/ana/").text)) == 2


def test_images_of_deactivated_people_are_not_shown(
    as_ana: Client, ben: User, bookmark: Bookmark
) -> None:
    image = bookmark(ben)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert not titles(as_ana.get("/images/").text)
    for page in ("", "likes/"):
        assert as_ana.get(f"/images/{image.pk}/{page}").status_code == 404
    assert as_ana.get(image.get_absolute_url()).status_code == 404


def test_the_page_of_an_image_shows_all_its_details(
    as_ana: Client, ben: User, bookmark: Bookmark
) -> None:
    url = "https://www.example.org/a?b=1&c=2"
    image = bookmark(ben, "A bird", url=url, description="In\n\ntwo parts.")
    html = as_ana.get(image.get_absolute_url()).text
    assert "A bird</h1>" in html
    assert 'href="https://www.example.org/a?b=1&amp;c=2" rel="noopener nofollow ugc"' in html
    assert "<bdi>example.org</bdi>" in html
    assert 'href="/people/ben/"' in html
    assert "<p>two parts.</p>" in html
    assert re.search(
        r'<img\s+src="/media/images/[^"]+480w_jpeg.jpg"[^>]*width="60"\s+height="40"', html
    )
    assert 'alt="A bird"' in html
    assert f'action="/images/{image.pk}/like/"' in html
    assert f"/images/{image.pk}/edit/" not in html


def test_an_upload_has_no_source(as_ana: Client, ben: User, bookmark: Bookmark) -> None:
    assert "nofollow" not in as_ana.get(bookmark(ben).get_absolute_url()).text


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("A bird", "a-bird"),
        ("鳥の巣", "鳥の巣"),
        ("عش الطائر", "عش-الطائر"),
        ("हिन्दी", None),
        ("Ünïcode ßtraße", "ünïcode-ßtraße"),
        ("🐦", "image"),
        ("...", "image"),
        ("Like", "like-image"),
        ("edit", "edit-image"),
        ("Delete", "delete-image"),
        ("likes", "likes-image"),
        ("\ufdfa" * 200, None),
    ],
)
def test_a_title_in_any_script_makes_a_url(
    as_ana: Client, ben: User, bookmark: Bookmark, title: str, slug: str | None
) -> None:
    image = bookmark(ben, title)
    url = image.get_absolute_url()
    if slug is not None:
        assert unquote(url) == f"/images/{image.pk}/{slug}/"
    assert title in as_ana.get(url).text
    assert titles(as_ana.get("/images/").text) == [title]


def test_an_old_or_shortened_url_redirects_to_the_current_one(
    as_ana: Client, ben: User, bookmark: Bookmark
) -> None:
    image = bookmark(ben)
    for slug in ("an-older-title/", ""):
        response = as_ana.get(f"/images/{image.pk}/{slug}")
        assert (response.status_code, response["Location"]) == (302, image.get_absolute_url())


def test_typed_text_is_escaped_on_every_page(
    as_ana: Client, ana: User, ben: User, bookmark: Bookmark
) -> None:
    User.objects.filter(pk=ben.pk).update(first_name=EVIL)
    image = bookmark(ben, EVIL, description=EVIL)
    own = bookmark(ana, EVIL)
    image.like(ana)
    pages = [
        "/images/",
        image.get_absolute_url(),
        f"/images/{image.pk}/likes/",
        f"/images/{own.pk}/edit/",
        f"/images/{own.pk}/delete/",
        "/people/ben/",
        "/stream/",
    ]
    for url in pages:
        html = as_ana.get(url).text
        assert "&lt;script&gt;" in html
        assert "<script>alert" not in html


def test_the_feed_shows_actions_on_images_and_links_to_them(
    as_ana: Client, ana: User, ben: User, bookmark: Bookmark
) -> None:
    image = bookmark(ben, "A bird")
    image.like(ben)
    html = re.sub(r"<[^>]+>|\s+", " ", as_ana.get("/stream/").text)
    text = " ".join(html.split())
    assert "Ben Okafor likes this" in text
    assert "Ben Okafor saved this" in text
    assert f'href="{image.get_absolute_url()}"' in as_ana.get("/stream/").text


def test_the_feed_does_not_show_hidden_images(
    as_ana: Client, ben: User, cleo: User, bookmark: Bookmark
) -> None:
    bookmark(cleo, "A bird").like(ben)
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    assert "A bird" not in as_ana.get("/stream/").text


def test_deleting_an_image_deletes_its_actions(ben: User, bookmark: Bookmark) -> None:
    image = bookmark(ben)
    image.like(ben)
    image.delete()
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    ("url", "shown", "most"),
    [
        ("/images/", "320w.webp", 4),
        ("/images/{}/image-29/", "320w.webp", 6),
        ("/images/{}/likes/", 'id="person-', 7),
        ("/people/ben/", "320w.webp", 10),
        ("/stream/", "320w.webp", 8),
    ],
)
def test_a_page_costs_few_queries_and_opens_no_file(
    as_ana: Client,
    ana: User,
    ben: User,
    cleo: User,
    bookmark: Bookmark,
    url: str,
    shown: str,
    most: int,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(30):
        image = bookmark(ben, f"Image {number:02}")
        for user in (ana, ben, cleo):
            image.like(user)
    Contact.objects.follow(ana, ben)
    Contact.objects.follow(ben, cleo)
    url = url.format(image.pk)
    as_ana.get(url)
    monkeypatch.setattr("django.core.files.storage.FileSystemStorage.open", None)
    monkeypatch.setattr("django.core.files.storage.FileSystemStorage.exists", None)
    with django_assert_max_num_queries(most):
        assert shown in as_ana.get(url).text


def test_the_bookmarklet_is_self_contained_and_opens_the_form(as_ana: Client) -> None:
    html = as_ana.get("/images/bookmarklet/").text
    link = re.search(r'href="(javascript:[^"]+)"', html)
    assert link
    code = unquote(link[1])
    assert "http://testserver/images/add/" in code
    assert "createElement" not in code
    assert not re.search(r"(?<!http:)//", code)
    assert 'href="/images/add/"' in html
