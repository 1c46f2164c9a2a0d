"""Recording an action once, and retracting it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from stream.models import Action
from stream.record import DeletedError, create_action, lock, retract_action


def test_an_action_is_recorded_with_its_target(ana: User, ben: User) -> None:
    assert create_action(ana, "is following", ben)
    action = Action.objects.get()
    assert (action.user, action.verb, action.target) == (ana, "is following", ben)
    assert str(action) == "ana is following ben"


def test_an_action_may_have_no_target(ana: User) -> None:
    assert create_action(ana, "has created an account")
    assert Action.objects.get().target is None
    assert str(Action.objects.get()) == "ana has created an account"


def test_the_same_action_is_not_recorded_again_within_60_seconds(ana: User, ben: User) -> None:
    assert create_action(ana, "likes", ben)
    Action.objects.update(created=timezone.now() - timedelta(seconds=58))
    assert not create_action(ana, "likes", ben)
    assert Action.objects.count() == 1


def test_the_same_action_is_recorded_again_after_60_seconds(ana: User, ben: User) -> None:
    assert create_action(ana, "likes", ben)
    Action.objects.update(created=timezone.now() - timedelta(seconds=61))
    assert create_action(ana, "likes", ben)
    assert Action.objects.count() == 2


def test_another_person_verb_or_target_makes_a_different_action(
    ana: User, ben: User, cleo: User
) -> None:
    assert create_action(ana, "likes", ben)
    assert create_action(ana, "likes", cleo)
    assert create_action(ana, "likes", ben.profile)
    assert create_action(ana, "likes")
    assert create_action(ana, "is following", ben)
    assert create_action(cleo, "likes", ben)
    assert not create_action(ana, "likes")


def test_retracting_deletes_only_that_action(ana: User, ben: User, cleo: User) -> None:
    create_action(ana, "likes", ben)
    create_action(ana, "likes", cleo)
    create_action(ana, "likes")
    assert retract_action(ana, "likes", ben)
    assert not retract_action(ana, "likes", ben)
    assert [action.target for action in Action.objects.order_by("id")] == [cleo, None]


def test_a_retracted_action_can_be_recorded_again_at_once(ana: User, ben: User) -> None:
    create_action(ana, "likes", ben)
    retract_action(ana, "likes", ben)
    assert create_action(ana, "likes", ben)


def test_an_action_is_rolled_back_with_its_transaction(ana: User, ben: User) -> None:
    with transaction.atomic():
        create_action(ana, "likes", ben)
        transaction.set_rollback(True)
    assert not Action.objects.exists()


def test_the_database_refuses_an_incomplete_target(ana: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.create(user=ana, verb="likes", target_id=1)


@pytest.mark.parametrize("gone", ["ana", "ben"])
def test_locking_a_row_that_is_deleted_raises_an_error(ana: User, ben: User, gone: str) -> None:
    User.objects.filter(username=gone).delete()
    with pytest.raises(DeletedError), transaction.atomic():
        lock(ana, ben)
