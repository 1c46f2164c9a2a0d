"""Images with many likes vanish at once, and are deleted in short transactions."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from images.files import ImageFile
from images.models import Image, ImageCount, Like
from images.unused_files import GRACE
from people.deletion import delete_people
from stream.models import Action
from testing.people import create_users

pytestmark = pytest.mark.django_db(transaction=True)
LIKES = 7


@pytest.fixture
def image(ana: User, bookmark: Callable[..., Image], monkeypatch: pytest.MonkeyPatch) -> Image:
    """An image with so many likes that one request deletes only four of them."""
    monkeypatch.setattr("images.models.image_queryset.BATCH", 2)
    monkeypatch.setattr("people.deletion.BATCH", 2)
    monkeypatch.setattr("images.models.image_queryset.BATCHES_IN_REQUEST", 2)
    image = bookmark(ana, "A bird")
    for person in create_users(LIKES):
        image.like(person)
    return image


def likes_and_actions() -> tuple[int, int]:
    return Like.objects.count(), Action.objects.filter(verb="likes").count()


def assert_all_is_gone() -> None:
    assert not Image._base_manager.exists()
    assert not Like.objects.exists()
    assert {action.verb for action in Action.objects.all()} <= {"is following"}
    assert not ImageFile.objects.filter(unused_since=None).exists()


def test_it_vanishes_at_once_and_prune_deletes_the_rest(
    as_ana: Client, ana: User, image: Image
) -> None:
    response = as_ana.post(f"/images/{image.pk}/delete/")
    assert (response.status_code, response["Location"]) == (303, "/people/ana/")
    assert likes_and_actions() == (LIKES - 4, LIKES)
    for path in (image.get_absolute_url(), f"/images/{image.pk}/edit/"):
        assert as_ana.get(path).status_code == 404
    assert as_ana.post(f"/images/{image.pk}/like/", {"action": "like"}).status_code == 404
    # A page says once that it is deleted.
    as_ana.get("/people/ana/")
    for path in ("/people/ana/", "/images/", "/people/person00/"):
        assert "A bird" not in as_ana.get(path).text
    assert ImageCount.objects.get(user=ana).count == 0
    call_command("audit")
    call_command("prune")
    assert_all_is_gone()


def test_its_file_is_unused_from_the_beginning(image: Image) -> None:
    image.delete()
    before = ImageFile.objects.get().unused_since
    assert before
    Image.objects.finish_deletions()
    assert ImageFile.objects.get().unused_since == before


def test_prune_deletes_it_before_its_file(image: Image) -> None:
    image.delete()
    ImageFile.objects.update(unused_since=timezone.now() - 2 * GRACE)
    call_command("prune")
    assert not Like.objects.exists()
    assert not ImageFile.objects.exists()


def test_no_transaction_deletes_more_than_a_batch(image: Image) -> None:
    with CaptureQueriesContext(connection) as queries:
        image.delete()
        Image.objects.finish_deletions()
    for table in ("images_like", "stream_action"):
        deletions = [q["sql"] for q in queries if q["sql"].startswith(f'DELETE FROM "{table}"')]
        numbers = [sql.count(",") + 1 for sql in deletions if '"id" IN' in sql]
        assert (sum(numbers), max(numbers)) == (LIKES + (table == "stream_action"), 2)
    assert_all_is_gone()


def test_an_interrupted_deletion_goes_on(image: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("images.models.image_queryset.finish_deletions", lambda *args: 1 / 0)
        image.delete()
    assert likes_and_actions() == (LIKES, LIKES)
    assert not Image.objects.exists()
    # Deleting it again does nothing.
    image.delete()
    assert likes_and_actions() == (LIKES, LIKES)
    call_command("prune")
    assert_all_is_gone()


def test_a_form_that_was_opened_before_does_not_show_it_again(image: Image) -> None:
    opened = Image.objects.get()
    image.delete()
    opened.save()
    assert not Image.objects.exists()


def test_a_like_at_the_same_moment_is_deleted_too(ben: User, image: Image) -> None:
    image.delete()
    image.like(ben)
    Image.objects.finish_deletions()
    assert_all_is_gone()


def test_its_owner_can_be_deleted_before_it(ana: User, image: Image) -> None:
    image.delete()
    delete_people([ana])
    assert_all_is_gone()


@pytest.mark.parametrize("likes", [2, 7], ids=["together", "each"])
def test_several_with_many_likes_cost_a_request_no_more_than_one(
    admin_client: Client, ana: User, image: Image, bookmark: Callable[..., Image], likes: int
) -> None:
    image.delete()
    call_command("prune")
    images = [bookmark(ana, colour, colour) for colour in ("teal", "navy", "gold", "coral")]
    for image in images:
        for person in User.objects.filter(username__startswith="person")[:likes]:
            image.like(person)
    keys = [image.pk for image in images]
    chosen = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    before = Like.objects.count() + Action.objects.count()
    assert admin_client.post("/admin/images/image/", chosen).status_code == 302
    assert not Image.objects.exists()
    # Two batches of two rows, and an image with three actions if its likes fit into a batch.
    left = Like.objects.count() + Action.objects.count()
    assert before - left == 4 + (5 if likes == 2 else 0)
    call_command("audit")
    call_command("prune")
    assert_all_is_gone()


def test_few_likes_are_deleted_with_their_image(ana: User, image: Image) -> None:
    for like in Like.objects.all()[2:]:
        image.unlike(like.user)
    image.delete()
    assert_all_is_gone()
