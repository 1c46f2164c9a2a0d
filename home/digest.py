"""The weekly mail: what others did with what is a person's, and images by whom they follow."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from time import sleep
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.shortcuts import resolve_url
from django.tasks import task
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from home.unsubscribe import unsubscribe_path
from images.models import Image
from people.addresses import confirmed_addresses_of
from people.models import Contact, Profile
from stream.models import Action
from stream.notifications import PAGE_SIZE as NOTIFICATIONS_PAGE_SIZE
from stream.notifications import Notification, notifications_of
from web.queued_mail import LATER, Mail

BATCH = 500
NOTIFICATIONS = 10
IMAGES = 9
# Of one person, and the images among which they are looked for.
IMAGES_OF_ONE, RECENT_IMAGES = 3, 100
SENTENCE = "stream/_notification.html"


@task
def enqueue_digests() -> None:
    """Enqueue the mail of this week for each person who wants it and does not have it yet."""
    today = timezone.localdate()
    week = today - timedelta(days=today.weekday())
    while Profile.objects.due_for_digest(week).exists():
        if not _enqueue_batch(week):
            # Others have the last ones locked.
            sleep(1)


@transaction.atomic
def _enqueue_batch(week: date) -> int:
    # Waiting for the locks of some rows while holding those of others could be a deadlock.
    due = Profile.objects.due_for_digest(week).select_for_update(
        of=("self",), no_key=True, skip_locked=True
    )
    people = list(due.order_by("pk")[:BATCH])
    for person in people:
        send_digest.enqueue(person.user_id, week.isoformat())
    return Profile.objects.filter(pk__in=[p.pk for p in people]).update(digest_week=week)


@task(priority=-10)
def send_digest(user_id: int, week: str) -> None:
    """Queue the mail of the week before the Monday `week`, unless nothing happened."""
    person = Profile.objects.active().filter(user=user_id, weekly_digest=True).first()
    addresses = confirmed_addresses_of(person.user) if person else []
    if person and addresses:
        with translation.override(_language_of(person)):
            if content := _content(person.user, date.fromisoformat(week)):
                Mail.objects.put(_message(person.user, addresses[0], week, content), LATER)


def _language_of(person: Profile) -> str:
    offered = dict(settings.LANGUAGES)
    return person.language if person.language in offered else settings.LANGUAGE_CODE


def _content(user: User, week: date) -> dict[str, Any]:
    """Return what happened in the week before a Monday; nothing if nothing did."""
    end = datetime.combine(week, time(), UTC)
    start = end - timedelta(days=7)
    cursor = Action.objects.cursor_of(Action(created=end, id=0))
    acts = Action.objects.told(user).page(cursor, NOTIFICATIONS_PAGE_SIZE)
    page = notifications_of(user, acts, start)
    notifications = [each for each in page.rows if each.is_new][:NOTIFICATIONS]
    images = _images_for(user, start, end)
    if not notifications and not images:
        return {}
    return {"notifications": list(map(_told, notifications)), "images": images}


def _told(notification: Notification) -> dict[str, Any]:
    """Return a notification in words, as HTML with whole addresses and as plain text."""
    sentence = " ".join(render_to_string(SENTENCE, {"each": notification}).split())
    whole = SafeString(sentence.replace('href="/', f'href="{settings.SITE_URL}/'))
    thing = notification.thing
    # A follow is about the recipient, who knows their own page.
    page = notification.act.people[0] if isinstance(thing, Profile) else thing
    text = unescape(strip_tags(sentence))
    return {"html": whole, "text": text, "thing": thing, "url": resolve_url(page)}


def _images_for(user: User, start: datetime, end: datetime) -> list[Image]:
    """Return new images by the people that a person follows, only some of each of them."""
    followed = Contact.objects.followed_ids(user.pk)
    images = Image.objects.visible().filter(user__in=followed, created__gte=start, created__lt=end)
    numbers: Counter[int] = Counter()
    chosen = []
    for image in images.as_cards_with_people().newest()[:RECENT_IMAGES]:
        numbers[image.user_id] += 1
        if numbers[image.user_id] <= IMAGES_OF_ONE:
            chosen.append(image)
    return chosen[:IMAGES]


def _message(user: User, to: str, week: str, content: dict[str, Any]) -> EmailMultiAlternatives:
    off = f"{settings.SITE_URL}{unsubscribe_path(user)}"
    # The same for the same person and week, so that no mail is queued twice.
    key = salted_hmac("digest", f"{user.pk} {week}", algorithm="sha256").hexdigest()
    headers = {
        "Message-ID": f"<{key}@{settings.SITE_HOST}>",
        "List-Unsubscribe": f"<{off}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    title = _("Your week on Magpie")
    context = content | {"title": title, "unsubscribe_url": off, "site": settings.SITE_URL}
    context["settings_url"] = f"{settings.SITE_URL}{reverse('settings')}"
    text = render_to_string("home/mail/digest.txt", context)
    message = EmailMultiAlternatives(title, text, to=[to], headers=headers)
    message.attach_alternative(render_to_string("home/mail/digest.html", context), "text/html")
    return message
