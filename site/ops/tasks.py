"""The periodic work of those who run a site."""

from django.core.management import call_command
from django.tasks import task


@task
def prune() -> None:
    call_command("prune")
