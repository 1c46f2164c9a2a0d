from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from stream.record import lock


class DismissalQuerySet(models.QuerySet["Dismissal"]):
    @transaction.atomic
    def dismiss(self, user: User, person: User) -> bool:
        """Let `person` no longer be suggested to `user`; False if that is so already.

        DeletedError if one of them is gone.
        """
        lock(user, person)
        _row, is_new = self.get_or_create(user=user, person=person)
        return is_new


class Dismissal(models.Model):
    """A person whom somebody does not want to get suggested."""

    # The database cascades, because a server of an earlier version does not know this table.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DB_CASCADE, related_name="dismissals", db_index=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, related_name="+")

    objects = DismissalQuerySet.as_manager()

    class Meta:
        verbose_name = _("dismissal")
        verbose_name_plural = _("dismissals")
        constraints = [
            models.UniqueConstraint(fields=["user", "person"], name="dismissal_once"),
            models.CheckConstraint(
                condition=~models.Q(user=F("person")), name="dismissal_not_self"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.person}"
