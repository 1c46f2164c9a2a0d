"""Mark a file as unused when its last image is deleted, in whatever way."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from images.files import ImageFile
from images.models import Image


@receiver(post_delete, sender=Image)
def mark_file_unused(instance: Image, **kwargs: Any) -> None:
    # Before the commit, two deletions of the last two images would each see the other image.
    if instance.file_id:
        file = ImageFile.objects.filter(pk=instance.file_id)
        transaction.on_commit(file.mark_unused)
