from django.db import migrations, models
from django.db.models import Q

from web.indexes import PrefixIndex

# The model is Django's own, so its state cannot list these. A migration of Django's that changes
# the table drops them on SQLite; a copy of this migration makes them again.
NAMES = ["username", "first_name", "last_name", "email"]
RARE = {"staff": Q(is_staff=True), "superuser": Q(is_superuser=True), "inactive": Q(is_active=False)}
INDEXES = [
    *(PrefixIndex(fields=[name], name=f"user_{name}_prefix") for name in NAMES),
    *(
        models.Index(fields=["username"], condition=condition, name=f"user_{name}")
        for name, condition in RARE.items()
    ),
]


def add_indexes(apps, schema_editor):
    for index in INDEXES:
        schema_editor.add_index(apps.get_model("auth", "User"), index)


def remove_indexes(apps, schema_editor):
    for index in INDEXES:
        schema_editor.remove_index(apps.get_model("auth", "User"), index)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_count_follows'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.RunPython(add_indexes, remove_indexes),
    ]
