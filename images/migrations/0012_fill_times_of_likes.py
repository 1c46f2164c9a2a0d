from django.db import migrations
from django.db.models import OuterRef, Subquery

BATCH = 10_000


def fill(apps, schema_editor):
    Like = apps.get_model("images", "Like")
    Action = apps.get_model("stream", "Action")
    ContentType = apps.get_model("contenttypes", "ContentType")
    image = ContentType.objects.filter(app_label="images", model="image").first()
    actions = Action.objects.filter(
        user=OuterRef("user"), verb="likes", target_ct=image, target_id=OuterRef("image")
    )
    newest = Subquery(actions.order_by("-created").values("created")[:1])
    last = Like.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for first in range(0, last + 1, BATCH):
        Like.objects.filter(pk__range=(first, first + BATCH - 1)).update(created=newest)


class Migration(migrations.Migration):
    dependencies = [
        ("images", "0011_sources_and_times_of_likes"),
        ("stream", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
