"""If a form is refused for where it comes from, the page says so."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    """A browser with a valid token."""
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    return client


def refusal(
    visitor: Client, headers: dict[str, str], *, secure: bool = True, token: str = ""
) -> Any:
    token = token or visitor.cookies["csrftoken"].value
    data = {"login": "ana", "password": "a-long-secret", "csrfmiddlewaretoken": token}
    response = visitor.post("/accounts/login/", data, headers=headers, secure=secure)
    assert response.status_code == 403
    assert "a-long-secret" not in response.text
    return response


def templates(response: Any) -> set[str]:
    return {template.name for template in response.templates}


@pytest.mark.parametrize("headers", [{}, {"Referer": "hidden"}, {"Origin": "null"}])
def test_a_browser_that_hides_the_origin_of_a_form_is_told_so(
    visitor: Client, headers: dict[str, str]
) -> None:
    response = refusal(visitor, headers)
    assert "403_no_origin.html" in templates(response)
    for name in ("Referer", "Origin"):
        assert name in response.text


def test_a_hidden_origin_is_the_reason_without_https_as_well(visitor: Client) -> None:
    response = refusal(visitor, {"Origin": "null"}, secure=False)
    assert "403_no_origin.html" in templates(response)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://testserver"},
        {"Referer": "https://evil.example/"},
        {"Referer": "http://testserver/"},
    ],
)
def test_a_form_from_another_address_is_told_the_right_one(
    visitor: Client, headers: dict[str, str]
) -> None:
    response = refusal(visitor, headers)
    assert "403_other_origin.html" in templates(response)
    assert settings.SITE_URL in response.text


def test_only_a_wrong_token_means_that_the_form_has_expired(visitor: Client) -> None:
    response = refusal(visitor, {"Origin": "https://testserver"}, token="x" * 64)
    assert "403_csrf.html" in templates(response)
