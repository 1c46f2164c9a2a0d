from django.db import migrations
from django.db.models import OuterRef, Subquery

BATCH = 10_000


def fill(apps, schema_editor):
    """Let people be told of the likes and saves of their images that were before."""
    Action = apps.get_model("stream", "Action")
    Image = apps.get_model("images", "Image")
    ContentType = apps.get_model("contenttypes", "ContentType")
    type_of_images = ContentType.objects.filter(app_label="images", model="image").first()
    liked = Image.objects.filter(pk=OuterRef("target_id")).exclude(user=OuterRef("user"))
    likes = Action.objects.filter(verb="likes", target_ct=type_of_images, recipient=None)
    last = Action.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for first in range(0, last + 1, BATCH):
        batch = likes.filter(pk__range=(first, first + BATCH - 1))
        batch.update(recipient=Subquery(liked.values("user")[:1]))
    for image in Image.objects.exclude(via=None).iterator():
        source = Image.objects.filter(user=image.via, file=image.file).order_by("pk").first()
        Action.objects.filter(
            user=image.user, verb="bookmarked image", target_ct=type_of_images, target_id=image.pk
        ).update(
            recipient=image.via,
            about_ct=type_of_images if source else None,
            about_id=source.pk if source else None,
        )


class Migration(migrations.Migration):
    # Each batch is committed on its own, since there may be millions.
    atomic = False
    dependencies = [
        ("images", "0016_indexes_of_credit"),
        ("stream", "0003_recipients"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
