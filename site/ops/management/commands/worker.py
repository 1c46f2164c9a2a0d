from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django_ox.management.commands import ox_worker


class Command(ox_worker.Command):
    help = "Run tasks, such as sending mail, and start the periodic ones when they are due."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        # While one task takes long, such as `prune`, others go on.
        parser.set_defaults(concurrency=2)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.HAS_WORKER:
            raise CommandError("A worker has nothing to do without TASKS=database.")
        super().handle(*args, **options)
