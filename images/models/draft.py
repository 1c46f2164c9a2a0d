import json
import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models, transaction
from django.utils import timezone

from images.fetching.addresses import MAX_LENGTH, Address
from images.fetching.fetch import MAX_SECONDS, Response, fetch
from images.sanitize import digest_of
from stream.record import lock

KEPT = timedelta(hours=1)
MAX_DRAFTS = 5
# What exceeds this is fetched again when it is saved.
MAX_BYTES = 60 * 1024 * 1024


class DraftQuerySet(models.QuerySet["Draft"]):
    @transaction.atomic
    def begin(self, user: User, url: str) -> "Draft":
        """Return the draft of a person for an address, which is new if there is none.

        The oldest of more than five is deleted. DeletedError if the person is gone.
        """
        lock(user)
        since = timezone.now() - KEPT
        if draft := self.filter(user=user, url=url, created__gt=since).first():
            return draft
        newest = self.filter(user=user).exclude(url=url).order_by("-created", "-pk")
        kept = list(newest.values_list("pk", flat=True)[: MAX_DRAFTS - 1])
        for old in self.filter(user=user).exclude(pk__in=kept):
            old.delete()
        return self.create(user=user, url=url, folder=secrets.token_hex(17))

    def prune(self) -> None:
        """Delete the drafts that have expired, and files of drafts that are gone."""
        for draft in self.filter(created__lte=timezone.now() - KEPT):
            draft.delete()
        try:
            folders, _ = drafts().listdir("")
        except FileNotFoundError:
            # Before the first draft, there is no folder on disk.
            return
        used = set(self.values_list("folder", flat=True))
        for folder in set(folders) - used:
            delete_folder(folder)


class Draft(models.Model):
    """What was fetched while a person chose what to save from an address."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    url = models.CharField(max_length=MAX_LENGTH)
    # The name of the folder of its files.
    folder = models.CharField(max_length=34, unique=True)
    created = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "url"], name="draft_once")]

    def __str__(self) -> str:
        return self.url

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row, and its files after the commit."""
        transaction.on_commit(lambda: delete_folder(self.folder), robust=True)
        return super().delete(*args, **kwargs)

    def fetch(self, url: str, seconds: float = MAX_SECONDS, referer: str = "") -> Response:
        """Return what an address answered before, or fetch it. Threads may call this."""
        name = f"{self.folder}/{digest_of(url.encode())}"
        # A newer draft may take the place of this one at any time. A preview needs no store.
        with suppress(OSError), drafts().open(name) as file:
            first_line, _, body = file.read().partition(b"\n")
            head = json.loads(first_line)
            return Response(Address.parse(head["url"]), body, head["content_type"])
        response = fetch(url, seconds, referer)
        # A preview needs no room on the disk.
        with suppress(OSError):
            if self._stored_bytes() + len(response.body) <= MAX_BYTES:
                head = {"url": response.address.url, "content_type": response.content_type}
                drafts().save(name, ContentFile(json.dumps(head).encode() + b"\n" + response.body))
        return response

    def _stored_bytes(self) -> int:
        return sum(file.size for file in drafts().files(self.folder))


def drafts() -> Any:
    """Return the storage of drafts, to which no URL leads."""
    return storages["drafts"]


def delete_folder(name: str) -> None:
    """Delete a folder of drafts with its files."""
    for file in drafts().files(name):
        drafts().delete(file.name)
    # On disk, there is an empty folder left.
    drafts().delete(name)
