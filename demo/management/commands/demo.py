from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from demo.images import make_images
from demo.people import LOGIN, PASSWORD, has_demo, make_people


class Command(BaseCommand):
    help = "Fill an empty database with demo people and images, or add to an earlier demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=48, help="number of people (default 48)")
        parser.add_argument("--images", type=int, default=60, help="number of images (default 60)")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing if the database has people"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        has_people = User.objects.exists()
        if options["people"] < 1:
            raise CommandError("A demo needs at least one person.")
        if has_people and not options["if_empty"] and not has_demo():
            raise CommandError("This database has people already. A demo needs an empty database.")
        if not (has_people and options["if_empty"]):
            people = make_people(options["people"], self.show_progress)
            make_images(options["images"], people, self.show_progress)
        if has_demo():
            self.stdout.write(f"Demo login: {LOGIN}, password: {PASSWORD}")

    def show_progress(self, what: str, numbers: range) -> Iterator[int]:
        """Yield the numbers, and print each tenth of them that is done."""
        self.stdout.write(f"Drawing {len(numbers)} demo {what}...", ending="")
        self.stdout.flush()
        for done, number in enumerate(numbers, 1):
            yield number
            tenths = done * 10 // len(numbers)
            if tenths > (done - 1) * 10 // len(numbers):
                self.stdout.write(f" {tenths}0%", ending="")
                self.stdout.flush()
        self.stdout.write()
