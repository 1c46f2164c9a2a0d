"""Each person gets one weekly mail a week, even if the worker is killed."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.utils import timezone
from django_ox.models import OxTask

from home import digest
from home.digest import enqueue_digests, send_digest
from home.tests.digests import Queue, digests_of, next_monday, want_digest
from images.models import Image
from people.models import Contact, Profile
from testing.people import create_users
from testing.threads import at_once

WEEKLY = "home.digest.send_digest"


def enqueued() -> list[int]:
    # In the database, arguments are text, and 10 comes before 9.
    return sorted(row.args[0] for row in OxTask.objects.filter(task_path=WEEKLY))


@pytest.fixture
def people(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Five people who want it, in batches of two, and one who does not."""
    monkeypatch.setattr(digest, "BATCH", 2)
    people = create_users(6)[:5]
    want_digest(*people)
    return [person.pk for person in people]


def test_everyone_who_wants_it_is_enqueued_once_a_week(people: list[int]) -> None:
    enqueue_digests.call()
    enqueue_digests.call()
    assert enqueued() == people
    Profile.objects.update(digest_week=timezone.localdate() - timedelta(days=7))
    enqueue_digests.call()
    assert sorted(enqueued()) == sorted([*people, *people])


def test_a_run_that_is_killed_goes_on_with_those_who_are_left(
    people: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = digest._enqueue_batch

    @transaction.atomic
    def killed_in_the_second(week: date) -> int:
        number = batch(week)
        if len(enqueued()) > 2:
            raise KeyboardInterrupt
        return number

    with monkeypatch.context() as patch:
        patch.setattr(digest, "_enqueue_batch", killed_in_the_second)
        with pytest.raises(KeyboardInterrupt):
            enqueue_digests.call()
    assert len(enqueued()) == 2
    enqueue_digests.call()
    assert enqueued() == people


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_enqueue_each_person_once(people: list[int]) -> None:
    at_once([lambda: bool(enqueue_digests.call())] * 2)
    assert enqueued() == people


@pytest.fixture
def news(ana: User, ben: User, bookmark: Callable[..., Image]) -> None:
    """Something happened to Ana, who wants the mail."""
    want_digest(ana)
    bookmark(ana, "A bird").like(ben)


def test_a_task_that_runs_twice_sends_one_mail(queue: Queue, ana: User, news: None) -> None:
    digests_of(ana, queue)
    digests_of(ana, queue)
    assert len(mail.outbox) == 1


def test_the_next_week_has_a_mail_of_its_own(queue: Queue, ana: User, news: None) -> None:
    # Both weeks include today, whatever day it is.
    for days in (1, 2):
        digests_of(ana, queue, timezone.localdate() + timedelta(days=days))
    first, second = (sent.message()["Message-ID"] for sent in mail.outbox)
    assert first != second


def test_people_have_mails_of_their_own(queue: Queue, ana: User, ben: User, news: None) -> None:
    want_digest(ben)
    Contact.objects.follow(ana, ben)
    for person in (ana, ben):
        digests_of(person, queue)
    first, second = (sent.message()["Message-ID"] for sent in mail.outbox)
    assert first != second


def test_mail_about_accounts_is_sent_first(queue: Queue, people: list[int]) -> None:
    enqueue_digests.call()
    assert {task.priority for task in OxTask.objects.all()} == {send_digest.priority}
    assert send_digest.priority < 0


# SQLite locks no rows.
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_people_whose_profile_is_locked_are_enqueued_later(people: list[int]) -> None:
    week = next_monday()
    with transaction.atomic():
        Profile.objects.select_for_update().get(user=people[0])
        at_once([lambda: bool(digest._enqueue_batch(week))])
    assert people[0] not in enqueued()
    digest._enqueue_batch(week)
    assert people[0] in enqueued()
