"""What holds where nobody has set anything, and what nobody can look at from outside."""

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client

from config import settings as module
from testing.url_patterns import url_patterns

TEXTS = ("text/", "image/svg+xml")


@pytest.fixture
def settings_of() -> Callable[..., dict[str, Any]]:
    """Return the settings as they are with nothing but these variables set."""

    def settings_of(**environment: str) -> dict[str, Any]:
        with pytest.MonkeyPatch.context() as patch:
            for name in ("DEBUG", "SITE_URL", "EMAIL_URL", "DATABASE_URL", "CACHE_URL"):
                patch.delenv(name, raising=False)
            for name, value in ({"SECRET_KEY": "x" * 50} | environment).items():
                patch.setenv(name, value)
            return runpy.run_path(str(module.__file__))

    return settings_of


def test_debugging_is_off_unless_asked_for(settings_of: Callable[..., dict[str, Any]]) -> None:
    assert settings_of()["DEBUG"] is False
    assert settings_of(SITE_URL="https://magpie.example")["DEBUG"] is False
    assert settings_of(DEBUG="1")["DEBUG"] is True
    assert "/showcase/" not in url_patterns()


def test_a_key_is_made_for_nobody_else_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "VAR", tmp_path)
    key = module.kept_secret_key()
    assert len(set(key)) > 10
    assert len(key) >= 50
    assert module.kept_secret_key() == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_mail_goes_by_tls_where_its_address_says_so(
    settings_of: Callable[..., dict[str, Any]],
) -> None:
    mailers = settings_of(EMAIL_URL="smtp+tls://magpie:secret@mail.example:587")["MAILERS"]
    assert mailers["default"]["OPTIONS"]["use_tls"] is True
    for page in ("README.md", "docs/deploying.md"):
        text = (project.BASE_DIR / page).read_text()
        assert "smtp+tls://" in text
        assert "smtp://" not in text


def test_the_service_has_no_more_rights_than_it_needs() -> None:
    service = (project.BASE_DIR / "deploy/magpie.service").read_text().splitlines()
    assert {"User=magpie", "NoNewPrivileges=yes", "CapabilityBoundingSet="} <= set(service)
    assert {"ProtectSystem=strict", "PrivateDevices=yes", "UMask=0077"} <= set(service)
    assert [line for line in service if line.startswith("ReadWritePaths=")] == [
        "ReadWritePaths=/srv/magpie/var"
    ]
    container = (project.BASE_DIR / "deploy/Containerfile").read_text()
    assert "\nUSER magpie\n" in container


def test_packages_are_listed_with_version_and_hash_and_no_more_than_are_needed() -> None:
    listed = {}
    for name in ("run", "dev"):
        text = (project.BASE_DIR / f"requirements/{name}.txt").read_text()
        packages = text.replace("\\\n", " ").splitlines()
        assert all(re.match(r"[\w.\[\],-]+==[\w.]+\b.* --hash=sha256:", line) for line in packages)
        listed[name] = {line.partition("==")[0] for line in packages}
    assert {"pytest", "mypy", "playwright", "ruff"} <= listed["dev"] - listed["run"]


def test_nothing_secret_is_part_of_the_code() -> None:
    assert "/var" in (project.BASE_DIR / ".gitignore").read_text().splitlines()
    code = Path(str(module.__file__)).read_text()
    for name in ("SECRET_KEY", "DATABASE_URL", "CACHE_URL", "EMAIL_URL"):
        assert f'("{name}"' in code
    assert not (project.BASE_DIR / ".env").exists()


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
def test_nothing_of_the_folder_it_runs_from_is_served(client: Client, path: str) -> None:
    assert client.get(f"/{path}").status_code in {400, 404}


@pytest.mark.django_db
def test_every_text_says_what_it_is_and_in_which_charset(
    askers: dict[str, str], path: Callable[[str], str]
) -> None:
    client = Client()
    client.cookies["sessionid"] = askers["staff"]
    kinds = set()
    for url in [*map(path, url_patterns()), "/nowhere/", "/stream/?before=x"]:
        response = client.get(url)
        kind = response.get("Content-Type", "")
        kinds.add(kind)
        body = response.getvalue()
        assert kind or not body, url
        assert re.search('charset="?utf-8', kind) or not kind.startswith(TEXTS), url
    assert {"text/html; charset=utf-8", "text/plain; charset=utf-8", "image/webp"} <= kinds


@pytest.mark.django_db
def test_the_health_check_says_nothing_of_the_site_and_leads_nowhere(
    client: Client, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")
    assert client.get("/people/").status_code == 301
    assert "Server" not in response.headers
