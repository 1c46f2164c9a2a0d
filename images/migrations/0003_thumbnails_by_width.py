from contextlib import suppress

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import migrations
from easy_thumbnails.exceptions import EasyThumbnailsError


def make_thumbnails_anew(apps, schema_editor):
    """Make the thumbnails of older images in their new widths, in place of those of old sizes."""
    Image = apps.get_model("images", "Image")
    images = Image.objects.order_by("image").values_list("image", "width", "height").distinct()
    for name, width, height in images:
        Image(image=name).image.delete_thumbnails()
        if default_storage.exists(name):
            # One that cannot be decoded is in nobody's way.
            with suppress(EasyThumbnailsError, OSError, ValidationError):
                Image(image=name, width=width, height=height).image.make_thumbnails()


class Migration(migrations.Migration):

    # Drawing takes a while, in which others want to write.
    atomic = False

    dependencies = [
        ('easy_thumbnails', '0002_thumbnaildimensions'),
        ('images', '0002_make_thumbnails'),
    ]

    operations = [
        migrations.RunPython(make_thumbnails_anew, migrations.RunPython.noop, elidable=True),
    ]
