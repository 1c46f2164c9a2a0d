"""A file goes with the last image that shows it, however the image was deleted."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from images.models import Image


@receiver(post_delete, sender=Image)
def discard_file(instance: Image, **kwargs: Any) -> None:
    transaction.on_commit(partial(Image.objects.discard_file, instance.image.name))
