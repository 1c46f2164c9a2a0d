"""How mail is sent: from the queue, with a change, and on machines that send none."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends import console
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from web.queued_mail import Mail


class QueueBackend(BaseEmailBackend):
    """Let mail wait until a worker sends it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            Mail.objects.put(message)
        return len(email_messages)


class TerminalBackend(console.EmailBackend):
    """Print mail as plain text. The encoded message would break long links over two lines."""

    def write_message(self, message: EmailMessage) -> None:
        to = ", ".join(message.recipients())
        self.stream.write(f"\nTo: {to}\nSubject: {message.subject}\n\n{message.body}\n")


def send_with_change(send: Callable[[], object]) -> None:
    """Send mail about a change whose transaction is open.

    The queue takes it in the same transaction. Without one, it is sent after the commit, because a
    slow mail server must not hold the transaction open.
    """
    if settings.HAS_WORKER:
        send()
    else:
        transaction.on_commit(send)


def change_with_mail() -> AbstractContextManager[object]:
    """Return a transaction for changes and their mail if there is a queue, for the same reason."""
    return transaction.atomic() if settings.HAS_WORKER else nullcontext()
