"""The activity stream: who did what to what."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Self, cast

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from stream.keyset import KeysetQuerySet

LOWEST = "COALESCE((SELECT newest FROM lowest), '0001-01-01')"
# The inner limit is none; it keeps a database from looking up who is active before it sorts.
TOP_K_MERGE = """
    WITH head AS MATERIALIZED (
        SELECT user_to, ({newest}) AS newest FROM ({followed}) AS person
    ), lowest AS MATERIALIZED (
        SELECT newest FROM (
            SELECT user_to, newest FROM head ORDER BY newest DESC NULLS LAST LIMIT 1000000000
        ) AS head
        WHERE EXISTS (SELECT 1 FROM auth_user WHERE id = user_to AND is_active)
        {sort} LIMIT 1 OFFSET {limit} - 1
    ), person AS MATERIALIZED (
        SELECT user_to FROM head WHERE newest >= {lowest}
        AND EXISTS (SELECT 1 FROM auth_user WHERE id = user_to AND is_active)
    )
    SELECT action.id FROM person {join}
    ORDER BY action.created DESC, action.id DESC LIMIT {limit}
"""
# How a database sorts people, and joins what they did.
SORT_AND_JOIN = {
    "postgresql": ("ORDER BY newest DESC NULLS LAST", "CROSS JOIN LATERAL ({rows}) AS action"),
    # It keeps the order of the inner query, and would sort all people again if told to.
    "sqlite": ("", "JOIN stream_action AS action ON action.id IN (SELECT id FROM ({rows}))"),
}


def is_active() -> Exists:
    """Say, in a filter of rows that have a `user`, that this person is active."""
    # A join would let SQLite begin at the users, and sort all of their rows.
    return Exists(get_user_model().objects.filter(pk=OuterRef("user"), is_active=True))


def people_followed_by(reader: User | int) -> models.QuerySet[User]:
    """Return the active people whom `reader`, a person or the key of one, follows."""
    return get_user_model().objects.filter(followers=reader, is_active=True)


def contacts_of(reader: User | int) -> models.QuerySet[Any]:
    """Return what ties `reader` to each of those whom they follow, active or not."""
    contacts = get_user_model().following.through.objects  # type: ignore[attr-defined]
    return cast("models.QuerySet[Any]", contacts.filter(user_from=reader))


def people_to_suggest(reader: User, count: int) -> models.QuerySet[Any]:
    """Return the profiles of `count` people whom `reader` may like to follow."""
    profiles = get_user_model().profile.related.related_model.objects  # type: ignore[attr-defined]
    return cast("models.QuerySet[Any]", profiles.to_suggest(reader, count))


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
    yield get_user_model().objects.filter(is_active=True).select_related("profile")
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

    def by_active(self) -> Self:
        """Leave out what deactivated people did."""
        return self.filter(is_active())

    def by_others(self, reader: User | int) -> Self:
        """Keep what active people other than `reader` did."""
        return self.by_active().exclude(user=reader)

    def in_home_feed_of(self, reader: User) -> Self:
        """Keep what the people followed by `reader` did, or while there are none, all others."""
        theirs = Exists(contacts_of(reader).filter(user_to=OuterRef("user")))
        follows_nobody = ~Exists(people_followed_by(reader))
        return self.by_others(reader).filter(theirs | follows_nobody)

    def of_late(self, depth: int) -> Self:
        """Keep the newest `depth`, and those of the same moment; none where there are fewer."""
        oldest = Subquery(self.newest().values("created")[depth - 1 : depth])
        return self.filter(created__gte=oldest)

    def newest_by_followed(self, reader: User | int, limit: int) -> "ActionQuerySet":
        """Keep the `limit` newest that the active people followed by `reader` did.

        A top-k merge. The newest action of each person is one probe of an index. Nothing among the
        newest of all is older than the lowest of the `limit` newest of these. So it costs a probe
        for each person who is followed, however much they did.
        """
        theirs = self.filter(user=RawSQL("person.user_to", ())).newest()
        rows = theirs.filter(created__gte=RawSQL(LOWEST, ()))  # noqa: S611
        parts: dict[str, models.QuerySet[Any, Any]] = {
            "newest": theirs.values("created")[:1],
            "followed": contacts_of(reader).values("user_to"),
            "rows": rows.values("created", "id")[:limit],
        }
        compiled = {name: part.query.sql_with_params() for name, part in parts.items()}
        texts = {name: sql for name, (sql, _) in compiled.items()}
        sort, join = SORT_AND_JOIN[connection.vendor]
        sql = TOP_K_MERGE.format(
            lowest=LOWEST, sort=sort, join=join.format(**texts), limit=int(limit), **texts
        )
        params = [param for _, params in compiled.values() for param in params]
        merged = RawSQL(sql, params)  # noqa: S611
        return self.model.objects.filter(pk__in=merged).newest()


class Action(models.Model):
    """One thing that a person did, written by `stream.record` alone."""

    # The person who acted.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="actions",
        verbose_name=_("user"),
        db_index=False,
    )
    verb = models.CharField(_("verb"), max_length=255)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    # What they acted on, if the verb has an object.
    target_ct = models.ForeignKey(
        ContentType,
        models.CASCADE,
        related_name="target_obj",
        verbose_name=_("target type"),
        null=True,
        blank=True,
        db_index=False,
    )
    target_id = models.PositiveBigIntegerField(_("target id"), null=True, blank=True)
    target = GenericForeignKey("target_ct", "target_id")

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
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
    def has_target_model(self) -> bool:
        """Whether it has no target, or one of a model that is still part of the site."""
        if self.target_ct_id is None:
            return True
        return ContentType.objects.get_for_id(self.target_ct_id).model_class() is not None
