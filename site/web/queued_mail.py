"""Mail that waits in the database until a worker sends it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers, make_msgid
from django.db import models, transaction
from django.tasks import task
from django.utils import timezone

# People wait for mail about their account, but not for others.
SOON, LATER = 10, 0
# A mail that could not be sent may hold a link that works for three days.
KEPT_UNSENT = timedelta(days=3)
# A failed task may be retried for a month, and must not send a mail a second time.
KEPT_SENT = timedelta(days=31)
FIELDS = ("subject", "body", "from_email", "to", "cc", "bcc", "reply_to")


class Unsubscribe(str):
    """An address in a header that stays in one line.

    Python encodes a longer one than 76 characters, and then mail programs do not find it.
    """

    name = "List-Unsubscribe"

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class MailManager(models.Manager["Mail"]):
    @transaction.atomic
    def put(self, message: Any, priority: int = SOON) -> None:
        """Let a mail wait, in the transaction of the caller, unless one with its Message-ID does.

        The worker may be killed after sending it, and send it once more with that Message-ID.
        """
        headers = dict(message.extra_headers)
        message_id = headers.setdefault("Message-ID", make_msgid(domain=settings.SITE_HOST))
        content = {name: getattr(message, name) for name in FIELDS}
        content |= {"headers": headers, "alternatives": getattr(message, "alternatives", [])}
        mail, is_new = self.get_or_create(message_id=message_id, defaults={"content": content})
        if is_new:
            deliver.using(priority=priority).enqueue(mail.pk)

    def delete_expired(self) -> None:
        now = timezone.now()
        self.filter(sent=None, created__lt=now - KEPT_UNSENT).delete()
        self.filter(sent__lt=now - KEPT_SENT).delete()


class Mail(models.Model):
    """A mail. Nothing but its Message-ID is kept once it is sent."""

    message_id = models.CharField(max_length=255, unique=True)
    content = models.JSONField()
    created = models.DateTimeField(auto_now_add=True)
    sent = models.DateTimeField(null=True)

    objects = MailManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.message_id

    def send(self) -> None:
        message = EmailMultiAlternatives(**self.content)
        headers = message.extra_headers
        if Unsubscribe.name in headers:
            headers[Unsubscribe.name] = Unsubscribe(headers[Unsubscribe.name])
        mailers["server"].send_messages([message])
        self.content, self.sent = {}, timezone.now()
        self.save(update_fields=["content", "sent"])


@task
def deliver(pk: int) -> None:
    """Send a mail, unless it is sent or expired."""
    if mail := Mail.objects.filter(pk=pk, sent=None).first():
        mail.send()
