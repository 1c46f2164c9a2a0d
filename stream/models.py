"""The activity stream: recorded actions, and the newest actions of a set of people."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from stream.keyset import KeysetQuerySet

# A queryset with one column, `person`, which is the id of a user.
type UserIds = models.QuerySet[Any, Any]

LOWEST = "COALESCE((SELECT newest FROM lowest), '0001-01-01')"
# The limit of a billion keeps databases from looking up which people are active before sorting.
TOP_K_MERGE = """
    WITH given (id) AS ({people}), head AS MATERIALIZED (
        SELECT id, ({newest}) AS newest FROM given AS person
    ), lowest AS MATERIALIZED (
        SELECT newest FROM (
            SELECT id, newest FROM head ORDER BY newest DESC NULLS LAST LIMIT 1000000000
        ) AS head
        WHERE EXISTS (SELECT 1 FROM auth_user WHERE auth_user.id = head.id AND is_active)
        {sort} LIMIT 1 OFFSET {limit} - 1
    ), person AS MATERIALIZED (
        SELECT id FROM head WHERE newest >= {lowest}
        AND EXISTS (SELECT 1 FROM auth_user WHERE auth_user.id = head.id AND is_active)
    )
    SELECT action.id FROM person {join}
    ORDER BY action.created DESC, action.id DESC LIMIT {limit}
"""
# How each database sorts the people and joins their actions.
SORT_AND_JOIN = {
    "postgresql": ("ORDER BY newest DESC NULLS LAST", "CROSS JOIN LATERAL ({rows}) AS action"),
    # SQLite keeps the order of the inner query. With an ORDER BY it would sort a second time.
    "sqlite": ("", "JOIN stream_action AS action ON action.id IN (SELECT id FROM ({rows}))"),
}


def user_is_active() -> Exists:
    """Return a filter for rows with a `user`: that user is active."""
    # With a join, SQLite would start from the users and sort all of their rows.
    return Exists(get_user_model().objects.filter(pk=OuterRef("user"), is_active=True))


class ActionQuerySet(KeysetQuerySet["Action"]):
    def of(self, user: User, verb: str, target: models.Model | None = None) -> Self:
        """Keep the actions of one user, verb and target, or of no target if it is None."""
        target_ct = target and ContentType.objects.get_for_model(target)
        return self.filter(
            user=user, verb=verb, target_ct=target_ct, target_id=target and target.pk
        )

    def about(self, model: type[models.Model], keys: Any) -> Self:
        """Keep the actions whose targets are rows of a model with these keys."""
        target_ct = ContentType.objects.get_for_model(model)
        return self.filter(target_ct=target_ct, target_id__in=keys)

    def to(self, model: type[models.Model]) -> Self:
        """Keep the actions whose targets are rows of a model."""
        return self.filter(target_ct=ContentType.objects.get_for_model(model))

    def grouped_by(self, model: type[models.Model], keys: Any) -> Self:
        """Keep the actions about rows of a model, with these keys, that are not their targets."""
        return self.filter(about_ct=ContentType.objects.get_for_model(model), about_id__in=keys)

    def told(self, recipient: Any) -> Self:
        """Keep what active people did with what is a person's."""
        return self.filter(user_is_active(), recipient=recipient)

    def by_others(self, viewer_id: int) -> Self:
        """Keep the actions of active people other than the viewer."""
        return self.filter(user_is_active()).exclude(user=viewer_id)

    def by_people(self, people: UserIds) -> Self:
        """Keep the actions of active people among `people`."""
        # A probe per action: with `user__in`, SQLite would list all of the people first, and with
        # Exists, PostgreSQL's plan for any viewer.
        probe = Subquery(people.filter(person=OuterRef("user")).order_by()[:1])
        return self.alias(probe=probe).filter(user_is_active(), probe__isnull=False)

    def recent(self, depth: int) -> Self:
        """Keep the newest `depth` actions and all ties with the last; none if there are fewer."""
        oldest = Subquery(self.newest().values("created")[depth - 1 : depth])
        return self.filter(created__gte=oldest)

    def newest_by_people(self, people: UserIds, limit: int) -> "ActionQuerySet":
        """Keep the `limit` newest actions of active people among `people`.

        This is a top-k merge. One index probe finds the newest action of each person. Sort these:
        no action older than the `limit`-th of them can be among the `limit` newest of all. So the
        cost is one probe per person, however many actions they have.
        """
        theirs = self.filter(user=RawSQL("person.id", ())).newest()
        rows = theirs.filter(created__gte=RawSQL(LOWEST, ()))  # noqa: S611
        parts: dict[str, models.QuerySet[Any, Any]] = {
            "people": people,
            "newest": theirs.values("created")[:1],
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
    """One recorded act: a user, a verb, and a target if the verb has one.

    Only `stream.record` writes actions.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="actions",
        verbose_name=_("user"),
        db_index=False,
    )
    verb = models.CharField(_("verb"), max_length=255)
    created = models.DateTimeField(_("created"), auto_now_add=True)
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
    # The person whose thing it was, who is told of it. While a server of an earlier version runs,
    # it deletes people without clearing this, so it is no constraint yet.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        verbose_name=_("recipient"),
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    # What notifications are grouped by, if it is not the target.
    about_ct = models.ForeignKey(
        ContentType, models.CASCADE, related_name="+", null=True, blank=True, db_index=False
    )
    about_id = models.PositiveBigIntegerField(null=True, blank=True)
    about = GenericForeignKey("about_ct", "about_id")

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["-created", "-id"]
        indexes = [
            models.Index(fields=["-created", "-id"]),
            models.Index(fields=["user", "-created", "-id"]),
            # For feeds of one kind of targets, of everyone and of some people.
            models.Index(fields=["target_ct", "-created", "-id"]),
            models.Index(fields=["user", "target_ct", "-created", "-id"]),
            # With the user, so that retracting one of many actions about a target reads one row.
            models.Index(fields=["target_ct", "target_id", "user"]),
            models.Index(
                fields=["recipient", "-created", "-id"],
                condition=Q(recipient__isnull=False),
                name="action_recipient",
            ),
            models.Index(
                fields=["about_ct", "about_id"],
                condition=Q(about_id__isnull=False),
                name="action_about",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(target_ct=None, target_id=None)
                | Q(target_ct__isnull=False, target_id__isnull=False),
                name="action_target_is_whole_or_none",
            ),
            models.CheckConstraint(
                condition=Q(about_ct=None, about_id=None)
                | Q(about_ct__isnull=False, about_id__isnull=False),
                name="action_about_is_whole_or_none",
            ),
            models.CheckConstraint(
                condition=Q(recipient=None) | ~Q(recipient=F("user")),
                name="action_recipient_is_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.user, self.verb, self.target) if part)

    def forget_about(self) -> None:
        """Clear what it is about, which is deleted."""
        Action.objects.filter(pk=self.pk).update(about_ct=None, about_id=None)

    @property
    def has_target_model(self) -> bool:
        """Whether the model of its target is still installed, or it has no target."""
        if self.target_ct_id is None:
            return True
        return ContentType.objects.get_for_id(self.target_ct_id).model_class() is not None
