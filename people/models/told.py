"""Of which acts people want to be told."""

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _


class Whose(models.TextChoices):
    """Whose acts a person is told of."""

    EVERYONE = "everyone", _("Everyone")
    FOLLOWED = "followed", _("Only people I follow")
    NOBODY = "nobody", _("Nobody")


def whose(label: Any) -> models.CharField[Any, Any]:
    # What an earlier version of Magpie does not fill in has a default in the database.
    return models.CharField(
        label, max_length=8, choices=Whose, default=Whose.EVERYONE, db_default=Whose.EVERYONE
    )


KINDS = ("told_of_follows", "told_of_likes", "told_of_saves")


class Told(models.Model):
    """What a person wants to be told of. It is decided when the act is recorded."""

    told_of_follows = whose(_("new followers"))
    told_of_likes = whose(_("likes of your images"))
    told_of_saves = whose(_("saves of your images"))

    class Meta:
        abstract = True
        constraints = [
            CheckConstraint(
                condition=Q(**{f"{name}__in": Whose.values}), name=f"%(class)s_{name}_is_known"
            )
            for name in KINDS
        ]
