from django.db import migrations

from images.old_files import adopt


def adopt_files(apps, schema_editor):
    """Give a file to each image; the server of the version before can save images meanwhile."""
    models = (apps.get_model("images", name) for name in ("Image", "ImageFile"))
    adopt(*(model.objects.all() for model in models))


class Migration(migrations.Migration):

    # In batches, between which others can write.
    atomic = False

    dependencies = [
        ('images', '0004_image_files'),
    ]

    operations = [
        migrations.RunPython(adopt_files, migrations.RunPython.noop, elidable=True),
    ]
