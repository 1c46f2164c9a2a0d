"""Mark a file as unused when its last image is deleted, however that happens."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Q
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver

from images.files import ImageFile
from images.models import Image
from images.models.image_queryset import ImageQuerySet
from stream.record import lock_keys


@receiver(pre_delete, sender=get_user_model())
def lock_images(instance: User, **kwargs: Any) -> None:
    """Lock a person's images, and those that they like, in the order that all verbs keep."""
    lock_keys(get_user_model(), [instance.pk])
    theirs = Image.objects.filter(Q(user=instance) | Q(likes__user=instance))
    lock_keys(Image, theirs.order_by().values_list("pk", flat=True).distinct())


@receiver(post_delete, sender=Image)
def mark_file_unused(instance: Image, origin: Any, **kwargs: Any) -> None:
    # A queryset of images marks all files at once.
    if not isinstance(origin, ImageQuerySet):
        ImageFile.objects.mark_unused_after_commit([instance.file_id])
