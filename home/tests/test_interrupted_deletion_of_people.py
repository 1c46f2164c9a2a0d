"""A deletion of a person that was interrupted is finished, unless they were reactivated."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from images.models import Image
from people import deletion
from people.deactivation import deactivate, reactivate
from people.deletion import call_off, delete_people, finish
from people.models import Profile
from testing.deletion import assert_only_ben_and_cleo_are_left

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def interrupted(
    town: list[Image], ana: User, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], None]:
    """Return a function that starts to delete Ana, and stops after some batches."""
    monkeypatch.setattr(deletion, "BATCH", 1)

    def interrupted(batches: int) -> None:
        delete, calls = deletion._delete_batch, iter(range(batches))

        def stopping(*args: Any) -> bool:
            if next(calls, None) is None:
                raise KeyboardInterrupt
            return delete(*args)

        with monkeypatch.context() as patch:
            patch.setattr(deletion, "_delete_batch", stopping)
            with pytest.raises(KeyboardInterrupt):
                delete_people([ana])

    return interrupted


@pytest.mark.parametrize("batches", [0, 1, 6, 12, 18])
def test_an_interrupted_deletion_is_named_and_finished_by_the_audit(
    interrupted: Callable[[int], None],
    ana: User,
    ben: User,
    cleo: User,
    batches: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    interrupted(batches)
    with pytest.raises(CommandError):
        call_command("audit")
    output = capsys.readouterr().out
    assert f"unfinished deletions: user {ana.pk}" in output
    assert re.findall(r"(\w[\w ]+?)  +[1-9]", output) == ["unfinished deletions"]
    call_command("audit", "--fix")
    assert_only_ben_and_cleo_are_left(ben, cleo)


def test_an_interrupted_deletion_can_be_repeated(
    interrupted: Callable[[int], None], ana: User, ben: User, cleo: User
) -> None:
    interrupted(7)
    delete_people([ana])
    assert_only_ben_and_cleo_are_left(ben, cleo)


def test_a_person_who_was_reactivated_is_not_deleted(
    interrupted: Callable[[int], None], ana: User
) -> None:
    interrupted(2)
    reactivate([ana])
    assert not finish(ana.pk)
    call_command("audit", "--fix")
    # Even if they are deactivated later.
    deactivate([ana])
    call_command("audit", "--fix")
    assert User.objects.filter(username="ana").exists()


def test_a_form_that_was_opened_before_keeps_the_mark_of_a_deletion(
    interrupted: Callable[[int], None], ana: User
) -> None:
    profile = Profile.objects.get(user=ana)
    interrupted(2)
    profile.save()
    assert Profile.objects.get(user=ana).deletion_began


@pytest.fixture
def called_off(interrupted: Callable[[int], None], ana: User) -> None:
    """Ana's deletion was interrupted, and a script made her active again."""
    interrupted(2)
    User.objects.filter(pk=ana.pk).update(is_active=True)


def test_an_audit_forgets_deletions_that_were_called_off(called_off: None, ana: User) -> None:
    with pytest.raises(CommandError):
        call_command("audit")
    call_command("audit", "--fix")
    User.objects.filter(pk=ana.pk).update(is_active=False)
    call_command("audit", "--fix")
    assert User.objects.filter(pk=ana.pk).exists()


def test_an_audit_does_not_delete_a_person_who_was_deactivated_after_a_deletion_was_called_off(
    called_off: None, ana: User
) -> None:
    deactivate([ana])
    call_command("audit", "--fix")
    assert User.objects.filter(pk=ana.pk).exists()


def test_a_deletion_that_is_under_way_is_not_called_off(
    interrupted: Callable[[int], None], ana: User
) -> None:
    interrupted(2)
    deactivate([ana])
    assert not call_off(ana.pk)
    call_command("audit", "--fix")
    assert not User.objects.filter(pk=ana.pk).exists()
