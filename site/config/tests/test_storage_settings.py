"""Uploads are on disk unless STORAGE_URL names an object store; MEDIA_URL may be another host."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.views.debug import SafeExceptionReporterFilter

type Load = Callable[..., dict[str, Any]]


def test_by_default_uploads_are_on_disk_and_nothing_else_may_be_loaded(load_settings: Load) -> None:
    settings = load_settings()
    assert settings["MEDIA_URL"] == "/media/"
    assert settings["MEDIA_ROOT"].endswith("var/media")
    assert settings["SECURE_CSP"]["img-src"] == ["'self'"]
    assert settings["STORAGES"]["default"]["BACKEND"] == "imaging.storage.WholeFileStorage"


def test_an_address_may_name_a_folder(load_settings: Load) -> None:
    assert load_settings(STORAGE_URL="file:///srv/two%20words")["MEDIA_ROOT"] == "/srv/two words"
    same = load_settings(STORAGE_URL="file:///srv/media", MEDIA_ROOT="/srv/media")
    assert same["MEDIA_ROOT"] == "/srv/media"
    with pytest.raises(ImproperlyConfigured, match="MEDIA_ROOT"):
        load_settings(STORAGE_URL="file:///srv/media", MEDIA_ROOT="/srv/others")


def test_an_address_names_a_bucket_and_its_key(load_settings: Load) -> None:
    storages = load_settings(STORAGE_URL="s3://ana:a%2Fb@eu.store.example/magpie?region=eu")[
        "STORAGES"
    ]
    options = storages["default"]["OPTIONS"]
    assert (options["access_key"], options["secret_key"]) == ("ana", "a/b")
    assert options["endpoint_url"] == "https://eu.store.example"
    assert options["region_name"] == "eu"
    assert options["bucket_name"] == "magpie"
    assert storages["drafts"]["OPTIONS"]["bucket_name"] == "magpie-drafts"


def test_the_store_may_be_at_another_address(load_settings: Load) -> None:
    url = "s3://key:secret@store/magpie?endpoint=http://10.0.0.20:8333"
    options = load_settings(STORAGE_URL=url)["STORAGES"]["default"]["OPTIONS"]
    assert options["endpoint_url"] == "http://10.0.0.20:8333"


@pytest.mark.parametrize("url", ["https://media.example", "https://media.example/"])
def test_pages_may_load_images_from_the_host_of_media(load_settings: Load, url: str) -> None:
    settings = load_settings(MEDIA_URL=url)
    assert settings["MEDIA_URL"] == "https://media.example/"
    assert settings["SECURE_CSP"]["img-src"] == ["'self'", "https://media.example"]
    assert settings["SECURE_CSP"]["script-src"] == ["'self'"]


def test_a_wrong_address_does_not_show_its_secret(load_settings: Load) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        load_settings(STORAGE_URL="s3://key:shiny@host")
    assert "shiny" not in str(caught.value)


def test_only_settings_with_the_names_of_secrets_hold_the_secret(load_settings: Load) -> None:
    settings = load_settings(STORAGE_URL="s3://key:shiny@store.example/magpie")
    shown = SafeExceptionReporterFilter()
    values = {name: value for name, value in settings.items() if name.isupper()}
    assert "shiny" in str(values)
    cleansed = {name: shown.cleanse_setting(name, value) for name, value in values.items()}
    assert "shiny" not in str(cleansed)


def test_without_the_client_the_site_says_how_to_install_it(
    load_settings: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match="make s3"):
        load_settings(STORAGE_URL="s3://key:secret@store.example/magpie")
