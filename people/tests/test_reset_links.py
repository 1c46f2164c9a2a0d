"""A malformed password reset link gets the same answer as an expired one."""

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["9" * 3000 + "-a", "1-" + "a" * 3000, "zzzzzzzzzzzzz-a"])
def test_a_link_that_is_none(client: Client, path: str) -> None:
    response = client.get(f"/accounts/password/reset/key/{path}/")
    assert response.status_code == 200
    assert response.context["token_fail"]
