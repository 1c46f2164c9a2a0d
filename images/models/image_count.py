from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest

from people.counts import number_of
from stream.record import lock_keys


class ImageCountManager(models.Manager["ImageCount"]):
    def add(self, user_id: int, step: int) -> None:
        """Add to the count of a user who is locked, or subtract."""
        # A count that is wrong, until `audit` fixes it, must not stop anyone.
        if not self.filter(user=user_id).update(count=Greatest(F("count") + step, 0)):
            self.create(user_id=user_id, count=max(step, 0))

    def wrong_users(self) -> Iterator[User]:
        """Yield the users whose count is not the number of their images."""
        images = User.images_created.rel.related_model.objects  # type: ignore[attr-defined]
        users = User.objects.annotate(number=number_of(images.all(), "user", of="pk"))
        return users.filter(~Q(number=Coalesce(F("image_count__count"), 0))).iterator()

    @transaction.atomic
    def recount(self, user: User) -> bool:
        """Store the number of a user's images; False if the user is gone."""
        if not lock_keys(User, [user.pk]):
            return False
        number = user.images_created.count()
        self.update_or_create(user=user, defaults={"count": number})
        return True


def image_count(user: str) -> Coalesce:
    """Return an expression: the number of images of the user in the field `user`."""
    return Coalesce(F(f"{user}__image_count__count"), 0)


class ImageCount(models.Model):
    """The number of images that a person has saved."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.DB_CASCADE, primary_key=True, related_name="image_count"
    )
    count = models.PositiveIntegerField(default=0)

    objects = ImageCountManager()

    def __str__(self) -> str:
        return str(self.count)
