"""The weekly mail, as tests look at it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone

from home.digest import send_digest
from people.models import Profile

type Queue = Callable[[], int]


def next_monday() -> date:
    """Return the day on which the mail about this week is sent."""
    today = timezone.localdate()
    return today + timedelta(days=7 - today.weekday())


def want_digest(*people: User) -> None:
    for person in people:
        email = f"{person.username}@example.org"
        EmailAddress.objects.create(user=person, email=email, primary=True, verified=True)
        Profile.objects.filter(user=person).update(weekly_digest=True)


def digests_of(person: User, queue: Queue, week: date | None = None) -> list[Any]:
    """Return the mail to a person about this week, or the week before a Monday."""
    send_digest.call(person.pk, (week or next_monday()).isoformat())
    queue()
    return mail.outbox
