from django.db import migrations
from django.db.models import F

BATCH = 10_000


def fill(apps, schema_editor):
    """Let people be told of those who followed them before."""
    Action = apps.get_model("stream", "Action")
    User = apps.get_model("auth", "User")
    ContentType = apps.get_model("contenttypes", "ContentType")
    user = ContentType.objects.filter(app_label="auth", model="user").first()
    follows = Action.objects.filter(
        verb="is following", target_ct=user, target_id__in=User.objects.values("pk")
    ).exclude(target_id=F("user"))
    last = Action.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for first in range(0, last + 1, BATCH):
        batch = follows.filter(pk__range=(first, first + BATCH - 1), recipient=None)
        batch.update(recipient=F("target_id"))


class Migration(migrations.Migration):
    # Each batch is committed on its own, since there may be millions.
    atomic = False
    dependencies = [
        ("people", "0008_notifications_seen"),
        ("stream", "0003_recipients"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
