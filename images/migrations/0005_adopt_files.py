from django.db import migrations

from images.old_files import adopt


def adopt_files(apps, schema_editor):
    """Create the files of images. A server of the earlier version may still save images."""
    models = (apps.get_model("images", name) for name in ("Image", "ImageFile"))
    adopt(*(model.objects.all() for model in models))


class Migration(migrations.Migration):

    # `adopt` works in batches, so that others can write in between.
    atomic = False

    dependencies = [
        ('images', '0004_image_files'),
    ]

    operations = [
        migrations.RunPython(adopt_files, migrations.RunPython.noop, elidable=True),
    ]
