"""An invalid password reset link leads to a page that says so."""

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["9" * 3000 + "-a", "1-" + "a" * 3000, "zzzzzzzzzzzzz-a"])
def test_an_invalid_link_gets_a_page_that_says_so(client: Client, path: str) -> None:
    response = client.get(f"/accounts/password/reset/key/{path}/")
    assert response.status_code == 200
    assert response.context["token_fail"]
