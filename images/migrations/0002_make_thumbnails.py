from django.core.files.storage import default_storage
from django.db import migrations

from images.tasks import make_thumbnails


def make_missing_thumbnails(apps, schema_editor):
    """Make thumbnails of a size that older images do not have yet; those that are there stay."""
    images = apps.get_model("images", "Image").objects.order_by("image")
    for name in images.values_list("image", flat=True).distinct():
        if default_storage.exists(name):
            make_thumbnails.enqueue(name)


class Migration(migrations.Migration):

    # Drawing takes a while, in which others want to write.
    atomic = False

    dependencies = [
        ('easy_thumbnails', '0002_thumbnaildimensions'),
        ('images', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(make_missing_thumbnails, migrations.RunPython.noop, elidable=True),
    ]
