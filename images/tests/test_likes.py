"""Liking and unliking an image."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client
from django.utils import timezone

from images.models import Image, Like
from people.deactivation import deactivate
from stream.models import Action
from testing.disks import no_room_to
from testing.markup import has, text_of

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def image(ben: User, bookmark: Callable[..., Image]) -> Image:
    return bookmark(ben, "A bird")


def press(client: Client, image: Image, action: str, **headers: str) -> Any:
    return client.post(f"/images/{image.pk}/like/", {"action": action}, headers=headers)


def test_liking_twice_has_the_effect_of_liking_once(ana: User, image: Image) -> None:
    assert image.like(ana)
    assert not image.like(ana)
    assert list(image.users_like.all()) == [ana]
    assert list(ana.images_liked.all()) == [image]


def test_liking_records_an_action_and_unliking_retracts_it(ana: User, image: Image) -> None:
    image.like(ana)
    assert Action.objects.of(ana, "likes", image).count() == 1
    assert image.unlike(ana)
    assert not image.unlike(ana)
    assert not Action.objects.filter(verb="likes").exists()


def test_liking_again_an_hour_later_records_no_second_action(ana: User, image: Image) -> None:
    image.like(ana)
    Action.objects.update(created=timezone.now() - timedelta(hours=1))
    image.like(ana)
    assert Action.objects.filter(verb="likes").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_like_is_undone_if_its_action_cannot_be_recorded(ana: User, image: Image) -> None:
    with no_room_to('INSERT INTO "stream_action"'), pytest.raises(OperationalError):
        image.like(ana)
    assert not Like.objects.exists()


def test_the_database_refuses_a_second_like(ana: User, image: Image) -> None:
    Like.objects.create(image=image, user=ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        Like.objects.create(image=image, user=ana)


def test_a_form_redirects_to_the_page_that_it_was_sent_from(as_ana: Client, image: Image) -> None:
    url, back = f"/images/{image.pk}/like/", f"/images/#image-{image.pk}"
    response = as_ana.post(url, {"action": "like", "next": back})
    assert (response.status_code, response["Location"]) == (303, back)
    response = press(as_ana, image, "unlike")
    assert (response.status_code, response["Location"]) == (303, image.get_absolute_url())
    assert not Like.objects.exists()


def test_htmx_gets_the_button_and_the_count(as_ana: Client, image: Image) -> None:
    html = press(as_ana, image, "like", **HTMX).text
    assert f'id="like-{image.pk}"' in html
    assert 'value="unlike"' in html
    assert text_of(html, f"#likes-{image.pk}[hx-swap-oob]") == "1 like"
    assert "<html" not in html
    html = press(as_ana, image, "unlike", **HTMX).text
    assert 'value="like"' in html
    assert ">0 likes<" in html


def test_on_the_page_of_an_image_the_response_updates_the_likers(
    as_ana: Client, ben: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(ben, "鳥")
    data = {"action": "like", "next": image.get_absolute_url()}
    html = as_ana.post(f"/images/{image.pk}/like/", data, headers=HTMX).text
    assert has(html, "#likers[hx-swap-oob]")
    assert 'href="/people/ana/"' in html
    data["next"] = "/images/"
    assert "likers" not in as_ana.post(f"/images/{image.pk}/like/", data, headers=HTMX).text
    assert (
        f'name="next" value="{image.get_absolute_url()}"'
        in as_ana.get(image.get_absolute_url()).text
    )


def test_the_likers_are_updated_on_a_page_that_was_open_when_the_title_changed(
    as_ana: Client, image: Image
) -> None:
    data = {"action": "like", "next": image.get_absolute_url()}
    Image.objects.filter(pk=image.pk).update(title="A nest", slug="a-nest")
    html = as_ana.post(f"/images/{image.pk}/like/", data, headers=HTMX).text
    assert has(html, "#likers a")


def test_the_likers_are_not_sent_to_other_pages(as_ana: Client, image: Image, ben: User) -> None:
    for url in ("/images/", "/nowhere/", f"/images/{image.pk + 1}/a-bird/", "/people/ben/"):
        data = {"action": "like", "next": url}
        html = as_ana.post(f"/images/{image.pk}/like/", data, headers=HTMX).text
        assert not has(html, "#likers")


def test_the_button_shows_the_viewers_like_and_the_count_shows_all_likes(
    as_ana: Client, cleo: User, image: Image
) -> None:
    image.like(cleo)
    for url in ("/images/", image.get_absolute_url()):
        html = as_ana.get(url).text
        assert 'value="like"' in html
        assert 'value="unlike"' not in html
        assert ">1 like<" in html


@pytest.mark.parametrize("action", ["", "toggle", "Like"])
def test_an_unknown_action_is_refused(as_ana: Client, image: Image, action: str) -> None:
    assert press(as_ana, image, action).status_code == 400
    assert not Like.objects.exists()


def test_get_does_not_like(as_ana: Client, image: Image) -> None:
    assert as_ana.get(f"/images/{image.pk}/like/").status_code == 405
    assert not Like.objects.exists()


def test_liking_a_missing_or_hidden_image_is_not_found(
    as_ana: Client, ben: User, image: Image
) -> None:
    for pk in (0, 2**63, 10**30):
        assert as_ana.post(f"/images/{pk}/like/", {"action": "like"}).status_code == 404
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert press(as_ana, image, "like").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_liking_a_deleted_image_is_not_found(
    as_ana: Client, image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete_and_like(self: Image, user: User) -> bool:
        Image.objects.all().delete()
        return like(self, user)

    like = Image.like
    monkeypatch.setattr(Image, "like", delete_and_like)
    assert press(as_ana, image, "like").status_code == 404
    assert not Action.objects.exists()


def test_signed_out_people_are_sent_to_the_login_page_and_back(
    client: Client, image: Image
) -> None:
    response = press(client, image, "like")
    assert response["Location"] == f"/accounts/login/?next=/images/{image.pk}/"
    assert not Like.objects.exists()


def test_likes_of_deactivated_people_do_not_count(as_ana: Client, cleo: User, image: Image) -> None:
    image.like(cleo)
    assert ">1 like<" in as_ana.get("/images/").text
    deactivate([cleo])
    assert ">0 likes<" in as_ana.get("/images/").text
    assert "No likes yet" in as_ana.get(f"/images/{image.pk}/likes/").text


def test_likers_are_listed_latest_first(
    as_ana: Client, ana: User, cleo: User, image: Image
) -> None:
    image.like(ana)
    image.like(cleo)
    html = as_ana.get(f"/images/{image.pk}/likes/").text
    assert html.index('id="person-' + str(cleo.profile.pk)) < html.index(
        'id="person-' + str(ana.profile.pk)
    )
    assert 'href="/people/cleo/"' in as_ana.get(image.get_absolute_url()).text
