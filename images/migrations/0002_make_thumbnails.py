from django.db import migrations


class Migration(migrations.Migration):
    """What this drew, 0003 draws in the widths that there are now."""

    dependencies = [
        ('easy_thumbnails', '0002_thumbnaildimensions'),
        ('images', '0001_initial'),
    ]

    operations = []
