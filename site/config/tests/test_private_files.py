"""No private file in the folder from which Magpie runs is served."""

import pytest
from django.test import Client


@pytest.mark.parametrize(
    "path",
    [
        ".git/HEAD",
        ".git/config",
        ".gitignore",
        "var/secret_key",
        "var/db.sqlite3",
        "site/config/settings.py",
        "pyproject.toml",
        "static/.git/HEAD",
        "static/staticfiles.json~",
        "static/../var/secret_key",
        "media/../secret_key",
        "media/%2e%2e/secret_key",
        "media//etc/passwd",
        "media/.%2e/.%2e/pyproject.toml",
    ],
)
@pytest.mark.django_db
def test_private_files_are_not_served(client: Client, path: str) -> None:
    assert client.get(f"/{path}").status_code in {400, 404}
