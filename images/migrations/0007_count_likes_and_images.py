from django.db import migrations
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce


def count_likes_and_images(apps, schema_editor):
    User = apps.get_model("auth", "User")
    Image = apps.get_model("images", "Image")
    ImageCount = apps.get_model("images", "ImageCount")
    Like = apps.get_model("images", "Like")
    active = User.objects.filter(is_active=True, pk=OuterRef("user"))
    Like.objects.update(is_counted=Exists(active))
    likes = Like.objects.filter(image=OuterRef("pk"), is_counted=True).order_by()
    number = Subquery(likes.values("image").values(number=Count("pk")))
    Image.objects.update(like_count=Coalesce(number, 0))
    people = Image.objects.order_by().values_list("user").annotate(number=Count("pk"))
    ImageCount.objects.bulk_create(
        (ImageCount(user_id=user, count=number) for user, number in people.iterator()),
        batch_size=1000,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('images', '0006_stored_counts'),
    ]

    operations = [
        migrations.RunPython(count_likes_and_images, migrations.RunPython.noop, elidable=True),
    ]
