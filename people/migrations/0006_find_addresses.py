from django.db import migrations, models
from django.db.models import Q

from web.indexes import PrefixIndex

# The model is allauth's, so its state cannot list these. A migration of allauth's that changes the
# table drops them on SQLite; a copy of this migration makes them again.
INDEXES = [
    PrefixIndex(fields=["email"], name="address_prefix"),
    models.Index(fields=["id"], condition=Q(verified=False), name="address_unverified"),
    models.Index(fields=["id"], condition=Q(primary=False), name="address_secondary"),
]


def add_indexes(apps, schema_editor):
    for index in INDEXES:
        schema_editor.add_index(apps.get_model("account", "EmailAddress"), index)


def remove_indexes(apps, schema_editor):
    for index in INDEXES:
        schema_editor.remove_index(apps.get_model("account", "EmailAddress"), index)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_deletion_began'),
        ('account', '0009_emailaddress_unique_primary_email'),
    ]

    operations = [
        migrations.RunPython(add_indexes, remove_indexes),
    ]
