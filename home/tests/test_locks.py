"""Verbs and the deletion of a person take their locks once, and in the same order."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from images.models import Image
from people import deletion
from people.belongings import follows_by, follows_of
from people.deactivation import deactivate
from people.models import Contact
from testing.stored_counts import expected_counts, stored_counts
from testing.waiting import second_waits

type Bookmark = Callable[..., Image]


@pytest.fixture
def delete_ana(ana: User, admin_client: Client) -> Callable[[], object]:
    """Delete Ana in the admin."""
    path = f"/admin/auth/user/{ana.pk}/delete/"
    return lambda: admin_client.post(path, {"post": "yes"})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["like", "unlike"])
def test_deleting_a_person_waits_for_a_like_of_theirs_and_both_succeed(
    ana: User, bookmark: Bookmark, delete_ana: Callable[[], object], verb: str
) -> None:
    image = bookmark(ana)
    act = getattr(image, verb)
    assert second_waits(lambda: act(ana), delete_ana, pause='FROM "images_image"')
    assert not Image.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_can_follow_each_other_at_the_same_moment(ana: User, ben: User) -> None:
    assert second_waits(
        lambda: Contact.objects.follow(ana, ben),
        lambda: Contact.objects.follow(ben, ana),
        pause='FROM "auth_user"',
    )
    assert Contact.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", [Contact.objects.follow, Contact.objects.unfollow])
def test_a_press_waits_for_a_batch_of_the_deletion_of_the_followed_person(
    ana: User, ben: User, verb: Callable[[User, User], bool]
) -> None:
    low, high = sorted((ana, ben), key=lambda user: user.pk)
    Contact.objects.follow(low, high)
    deactivate([high])
    assert second_waits(
        lambda: deletion._delete_batch(high.pk, follows_of),
        lambda: verb(low, high),
        pause='FROM "auth_user"',
    )
    assert deletion.finish(high.pk)
    assert stored_counts() == expected_counts()


@pytest.mark.django_db(transaction=True)
def test_two_people_who_follow_each_other_can_be_deleted_at_once(ana: User, ben: User) -> None:
    low, high = sorted((ana, ben), key=lambda user: user.pk)
    Contact.objects.follow(low, high)
    Contact.objects.follow(high, low)
    deactivate([ana, ben])
    assert second_waits(
        lambda: deletion._delete_batch(high.pk, follows_by),
        lambda: deletion.finish(low.pk),
        pause='FROM "auth_user"',
    )
    assert deletion.finish(high.pk)
    assert not User.objects.exists()
    assert not Contact.objects.exists()


@pytest.mark.parametrize("verb", ["follow", "unfollow"])
def test_a_follow_locks_both_people_in_one_statement(ana: User, ben: User, verb: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        getattr(Contact.objects, verb)(ana, ben)
    assert sum('FROM "auth_user"' in query["sql"] for query in queries) == 1


@pytest.mark.parametrize("verb", ["like", "unlike"])
def test_a_like_locks_the_person_and_the_image_once(
    ana: User, bookmark: Bookmark, verb: str
) -> None:
    image = bookmark(ana)
    with CaptureQueriesContext(connection) as queries:
        getattr(image, verb)(ana)
    tables = ('FROM "auth_user"', 'FROM "images_image"')
    locks = [table for query in queries for table in tables if table in query["sql"]]
    assert locks == [*tables]
