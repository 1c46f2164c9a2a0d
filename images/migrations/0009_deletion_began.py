from typing import Any

from django.db import migrations, models


def analyze(apps: Any, schema_editor: Any) -> None:
    # Without statistics of a new column, PostgreSQL expects that almost no row has NULL in it, and
    # sorts all images for a page of the gallery.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ANALYZE images_image")


class Migration(migrations.Migration):
    dependencies = [("images", "0008_image_title_prefix")]

    operations = [
        migrations.AddField(
            "image", "deletion_began", models.DateTimeField(editable=False, null=True)
        ),
        migrations.RunPython(analyze, migrations.RunPython.noop),
    ]
