from contextlib import suppress

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import migrations


def replace_thumbnails(apps, schema_editor):
    """Replace the thumbnails of older images with thumbnails in the current widths."""
    Image = apps.get_model("images", "Image")
    images = Image.objects.order_by("image").values_list("image", "width", "height").distinct()
    for name, width, height in images:
        Image(image=name).image.delete_thumbnails()
        if default_storage.exists(name):
            # An image that cannot be decoded must not stop the migration.
            with suppress(OSError, ValidationError):
                Image(image=name, width=width, height=height).image.make_thumbnails()


class Migration(migrations.Migration):

    # Decoding takes a while, and a transaction would block other writers.
    atomic = False

    dependencies = [
        ('easy_thumbnails', '0002_thumbnaildimensions'),
        ('images', '0002_make_thumbnails'),
    ]

    operations = [
        migrations.RunPython(replace_thumbnails, migrations.RunPython.noop, elidable=True),
    ]
