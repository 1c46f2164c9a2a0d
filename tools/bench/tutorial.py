"""The tutorial's dashboard: the queryset, and the indexes, that Magpie grew out of."""

from django.contrib.auth.models import User
from django.db import connection, models

from stream.models import Action

# Django gives each foreign key an index, and the tutorial adds two of its own.
INDEXES = [["user"], ["target_ct"], ["-created"], ["target_ct", "target_id"]]

# What Magpie adds to an action.
LATER = ["recipient", "about_ct", "about_id"]


def dashboard(viewer: User) -> list[Action]:
    """Return the ten newest actions of those whom `viewer` follows, with people and targets."""
    feed = Action.objects.exclude(user=viewer)
    followed = viewer.following.values_list("id", flat=True)  # type: ignore[attr-defined]
    if followed:
        feed = feed.filter(user_id__in=followed)
    rows = feed.select_related("user", "user__profile").prefetch_related("target")
    return list(rows.defer(*LATER).order_by("-created")[:10])


class TutorialAction(models.Model):
    """The actions once more, in a table with the tutorial's indexes."""

    user = models.ForeignKey(User, models.DO_NOTHING, related_name="+", db_index=False)
    verb = models.CharField(max_length=255)
    created = models.DateTimeField()
    target_ct = models.ForeignKey(
        "contenttypes.ContentType", models.DO_NOTHING, null=True, db_index=False
    )
    target_id = models.PositiveBigIntegerField(null=True)

    class Meta:
        app_label = "bench"
        db_table = "bench_tutorial_action"
        indexes = [
            models.Index(fields=fields, name=f"bench_tutorial_{number}")
            for number, fields in enumerate(INDEXES)
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.verb}"


def on_its_indexes(sql: str) -> str:
    """Let a statement read the table with the tutorial's indexes."""
    return sql.replace(Action._meta.db_table, TutorialAction._meta.db_table)


def make_table() -> None:
    """Copy the actions into a table with the tutorial's indexes."""
    with connection.schema_editor() as editor:
        indexes, TutorialAction._meta.indexes = TutorialAction._meta.indexes, []
        editor.create_model(TutorialAction)
        columns = ", ".join(str(field.column) for field in TutorialAction._meta.fields)
        editor.execute(
            f"INSERT INTO {TutorialAction._meta.db_table} ({columns})"
            f" SELECT {columns} FROM {Action._meta.db_table} ORDER BY id"
        )
        for index in indexes:
            editor.add_index(TutorialAction, index)
