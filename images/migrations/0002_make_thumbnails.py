from django.db import migrations


class Migration(migrations.Migration):
    """An empty migration. It made thumbnails, which 0003 now makes in the current widths."""

    dependencies = [
        ('easy_thumbnails', '0002_thumbnaildimensions'),
        ('images', '0001_initial'),
    ]

    operations = []
