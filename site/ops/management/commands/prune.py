from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from web.models import RateLimit


class Command(BaseCommand):
    help = "Delete expired sessions and counts of limits; a timer runs this once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("clearsessions")
        RateLimit.objects.delete_expired()
