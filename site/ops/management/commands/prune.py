from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Delete what has expired: sessions. A timer runs it each day, and `make run` at its start."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("clearsessions")
        for model in apps.get_models():
            # Whatever else expires says so by a verb of this name.
            if delete_expired := getattr(model._default_manager, "delete_expired", None):
                delete_expired()
