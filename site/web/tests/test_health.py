"""The health check answers any client, and reveals nothing about the site."""

from typing import Any

import pytest
from django.test import Client


@pytest.mark.django_db
def test_the_health_check_says_ok_without_a_redirect_to_https(
    client: Client, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")
    assert client.get("/people/").status_code == 301
    assert "Server" not in response.headers
