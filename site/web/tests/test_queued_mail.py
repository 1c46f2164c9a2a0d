"""With a worker, mail waits in the database until the worker sends it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django_ox.models import OxTask

from web.models import Mail
from web.queued_mail import LATER

type Queue = Callable[[], int]


def message(subject: str = "A bird", **headers: str) -> EmailMultiAlternatives:
    new = EmailMultiAlternatives(subject, "Chirp.", to=["ana@example.org"], headers=headers)
    new.attach_alternative("<p>Chirp.</p>", "text/html")
    return new


def as_sent(sent: Any) -> object:
    """Return what arrives, without what differs between any two mails."""
    whole = sent.message()
    own = {"Message-ID", "Date"}
    parts = [(part.get_content_type(), part.get_content()) for part in whole.iter_parts()]
    return {name: value for name, value in whole.items() if name not in own}, parts


def test_it_waits_until_the_worker_sends_it(queue: Queue) -> None:
    message().send()
    assert mail.outbox == []
    assert queue() == 1
    assert [sent.subject for sent in mail.outbox] == ["A bird"]


def test_what_arrives_is_the_same_as_without_a_queue(queue: Queue) -> None:
    with_headers = message(**{"List-Unsubscribe": "<https://magpie.example/off/>"})
    with_headers.send(using="server")
    with_headers.send()
    queue()
    [direct, queued] = mail.outbox
    assert as_sent(direct) == as_sent(queued)


def test_a_mail_without_html_waits_too(queue: Queue) -> None:
    EmailMessage("A bird", "Chirp.", to=["ana@example.org"]).send()
    queue()
    assert [sent.body for sent in mail.outbox] == ["Chirp."]


def test_it_goes_with_the_transaction(queue: Queue) -> None:
    with transaction.atomic():
        message().send()
        transaction.set_rollback(True)
    assert queue() == 0


def test_nothing_but_its_id_is_kept_after_sending(queue: Queue) -> None:
    message().send()
    queue()
    [row] = Mail.objects.values_list("content", "sent", "message_id")
    assert row[0] == {}
    assert row[1] is not None
    assert mail.outbox[0].message()["Message-ID"] == row[2]
    assert "ana@" not in str(OxTask.objects.values())


def test_a_worker_that_is_killed_after_sending_sends_the_same_mail_again(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    message().send()
    with monkeypatch.context() as patch:
        patch.setattr(Mail, "save", lambda *args, **kwargs: 1 / 0)
        queue()
    OxTask.objects.update(run_after=None)
    queue()
    [first, second] = [sent.message()["Message-ID"] for sent in mail.outbox]
    assert first == second


def test_a_task_that_runs_twice_sends_once(queue: Queue) -> None:
    message().send()
    queue()
    OxTask.objects.update(status=OxTask.Status.READY)
    assert queue() == 1
    assert len(mail.outbox) == 1


def test_a_mail_with_the_same_id_waits_once(queue: Queue) -> None:
    for subject in ("first", "second"):
        message(subject, **{"Message-ID": "<1@magpie.example>"}).send()
    queue()
    message("third", **{"Message-ID": "<1@magpie.example>"}).send()
    queue()
    assert [sent.subject for sent in mail.outbox] == ["first"]


def test_while_the_mail_server_is_down_pages_answer_and_mail_is_tried_again(
    queue: Queue, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse)
        response = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
        assert response.status_code == 302
        assert queue() == 1
    assert mail.outbox == []
    OxTask.objects.update(run_after=None)
    queue()
    assert [sent.to for sent in mail.outbox] == [["nobody@example.org"]]


def test_mail_that_nobody_waits_for_comes_last(queue: Queue) -> None:
    Mail.objects.put(message("later"), LATER)
    message("soon").send()
    queue()
    assert [sent.subject for sent in mail.outbox] == ["soon", "later"]


def test_prune_deletes_mail_that_could_not_be_sent_and_old_ids(queue: Queue) -> None:
    def made(days: int, *, is_sent: bool) -> int:
        then = timezone.now() - timedelta(days=days)
        row = Mail.objects.create(message_id=f"{days} {is_sent}", content={})
        Mail.objects.filter(pk=row.pk).update(created=then, sent=then if is_sent else None)
        return int(row.pk)

    kept = {made(2, is_sent=False), made(30, is_sent=True)}
    made(4, is_sent=False)
    made(32, is_sent=True)
    call_command("prune")
    assert {*Mail.objects.values_list("pk", flat=True)} == kept
