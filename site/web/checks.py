"""System checks that name what is missing, and the command that makes it."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks

from web.static_files import StaticFilesStorage


@checks.register()
def check_static_files(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warn if the static files were never collected."""
    if settings.DEBUG or not isinstance(staticfiles_storage, StaticFilesStorage):
        return []
    if staticfiles_storage.is_collected:
        return []
    return [
        checks.Warning(
            "The static files are not collected, so pages load more files, without compression.",
            hint="Run `manage.py collectstatic`. To develop Magpie, set DEBUG=1 instead.",
            id="web.W001",
        )
    ]
