"""The activity stream: who did what to what."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.text import slugify

from stream.keyset import KeysetQuerySet


def people_followed_by(reader: User) -> models.QuerySet[User]:
    """Return the active people whom `reader` follows."""
    return get_user_model().objects.filter(followers=reader, is_active=True)


@cache
def target_models() -> tuple[type[models.Model], ...]:
    """Return the models that name the actions which concern them, as every target of ours does."""
    return tuple(
        model
        for model in apps.get_models()
        for field in model._meta.private_fields
        if isinstance(field, GenericRelation) and field.related_model is Action
    )


def visible_targets() -> Iterator[models.QuerySet[Any]]:
    """Yield the targets that readers may see, for each type of which they may not see all."""
    yield get_user_model().objects.filter(is_active=True)
    for model in target_models():
        if hasattr(model._default_manager, "visible"):
            yield model._default_manager.visible()


class ActionQuerySet(KeysetQuerySet["Action"]):
    def of(self, user: User, verb: str, target: models.Model | None = None) -> Self:
        """Keep what `user` did to `target` by `verb`; without one, what has no target."""
        target_ct = target and ContentType.objects.get_for_model(target)
        return self.filter(
            user=user, verb=verb, target_ct=target_ct, target_id=target and target.pk
        )

    def home_feed(self, reader: User, *, everybody: bool) -> Self:
        """Keep what the people followed by `reader` did, or what everybody else did."""
        feed = self.visible().exclude(user=reader)
        return feed if everybody else feed.filter(user__in=people_followed_by(reader))

    def visible(self) -> Self:
        """Leave out what concerns a deactivated person, or a target that is not `visible()`."""
        shown = self.filter(user__is_active=True)
        for targets in visible_targets():
            target_ct = ContentType.objects.get_for_model(targets.model)
            is_visible = Exists(targets.filter(pk=OuterRef("target_id")))
            shown = shown.exclude(Q(~is_visible, target_ct=target_ct))
        return shown

    def with_people(self) -> Self:
        """Fetch people with the rows, and all targets of a type together."""
        return self.select_related("user__profile").fetch_mode(models.FETCH_PEERS)


class Action(models.Model):
    """One thing that a person did, written by `stream.record` alone."""

    # The person who acted.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="actions", db_index=False
    )
    verb = models.CharField(max_length=255)
    created = models.DateTimeField(auto_now_add=True)
    # What they acted on, if the verb has an object.
    target_ct = models.ForeignKey(
        ContentType,
        models.CASCADE,
        related_name="target_obj",
        verbose_name="target type",
        null=True,
        blank=True,
        db_index=False,
    )
    target_id = models.PositiveBigIntegerField(null=True, blank=True)
    target = GenericForeignKey("target_ct", "target_id")

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-id"]
        indexes = [
            models.Index(fields=["-created", "-id"]),
            models.Index(fields=["user", "-created", "-id"]),
            models.Index(fields=["target_ct", "target_id"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(target_ct=None, target_id=None)
                | Q(target_ct__isnull=False, target_id__isnull=False),
                name="action_target_is_whole_or_none",
            )
        ]

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.user, self.verb, self.target) if part)

    @property
    def template_names(self) -> list[str]:
        """The template that draws this kind of action, before the one that draws any."""
        return [f"stream/entries/{slugify(self.verb)}.html", "stream/entries/action.html"]

    @property
    def lost_its_target(self) -> bool:
        """Whether this is about something that was deleted behind Django's back."""
        return self.target_id is not None and self.target is None
