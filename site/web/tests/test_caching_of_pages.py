"""No cache shows a page again without asking, and the back button still works."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/", "/people/", "/images/", "/stream/", "/people/ben/", "/none/"]
)
@pytest.mark.parametrize("headers", [None, {"hx-request": "true"}], ids=["page", "htmx"])
def test_pages_of_members_are_private_and_asked_for_again(
    as_ana: Client, ben: User, path: str, headers: dict[str, str] | None
) -> None:
    # With `no-store`, browsers would not keep a page for the back button.
    assert as_ana.get(path, headers=headers)["Cache-Control"] == "private, no-cache"


def test_the_landing_page_may_be_kept(client: Client) -> None:
    assert "Cache-Control" not in client.get("/")
