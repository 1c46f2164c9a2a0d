from django.db import migrations
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce


def count_follows(apps, schema_editor):
    User = apps.get_model("auth", "User")
    Contact = apps.get_model("people", "Contact")
    Profile = apps.get_model("people", "Profile")
    active = User.objects.filter(is_active=True)
    Contact.objects.update(
        follower_is_counted=Exists(active.filter(pk=OuterRef("user_from"))),
        followed_is_counted=Exists(active.filter(pk=OuterRef("user_to"))),
    )

    def number(owner, flag):
        rows = Contact.objects.filter(**{owner: OuterRef("user"), flag: True}).order_by()
        return Coalesce(Subquery(rows.values(owner).values(number=Count("pk"))), 0)

    Profile.objects.update(
        follower_count=number("user_to", "follower_is_counted"),
        following_count=number("user_from", "followed_is_counted"),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_stored_counts'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.RunPython(count_follows, migrations.RunPython.noop, elidable=True),
    ]
