"""A request with a URL, a header or a value that is too long is refused with a page."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from web.bounds import MAX_LINE

pytestmark = pytest.mark.django_db


def refused(response: Any, status: int) -> bool:
    assert "Magpie could not read that request" in response.text
    return bool(response.status_code == status)


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/accounts/login/", "/media/x", "/healthz"])
def test_a_url_that_is_too_long_is_refused(client: Client, path: str) -> None:
    rest = MAX_LINE - len(f"{path}?a=")
    assert client.get(f"{path}?a={'x' * rest}").status_code in {200, 404}
    assert refused(client.get(f"{path}?a={'x' * (rest + 1)}"), 414)
    # The limit applies to the encoded address, in which this character takes 9.
    assert refused(client.get(path + "\ufdfa" * 900), 414)


@pytest.mark.parametrize("name", ["Cookie", "Referer", "HX-Current-URL", "X-Any", "Accept"])
def test_a_header_that_is_too_long_is_refused(client: Client, name: str) -> None:
    assert client.get("/", headers={name: "x" * MAX_LINE}).status_code == 200
    assert refused(client.get("/", headers={name: "x" * (MAX_LINE + 1)}), 431)


@pytest.mark.parametrize(
    "path", ["/language/", "/accounts/login/", "/accounts/logout/", "/people/ben/follow/"]
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_a_next_that_is_too_long_is_refused(
    client: Client, ana: User, ben: User, path: str, signed_in: bool
) -> None:
    if signed_in:
        client.force_login(ana)
    assert refused(client.post(path, {"next": "/" + "x" * MAX_LINE}), 400)
    assert refused(client.post(path, {"next": "http://a" + "\u0300\u0316" * 1000}), 400)


def test_a_search_for_too_many_words_is_refused(client: Client, ana: User) -> None:
    User.objects.update(is_staff=True, is_superuser=True)
    client.force_login(ana)
    field = {"app_label": "people", "model_name": "contact", "field_name": "user_to"}
    path = "/admin/autocomplete/"
    assert client.get(path, field | {"term": "a " * 500}).status_code == 200
    assert refused(client.get(path, field | {"term": "a " * 501}), 400)
    page = client.get("/admin/auth/user/", {"q": "a " * 501}).text
    assert "at most 1000 characters" in page


@pytest.mark.parametrize("key", ["", "a", "-1", "1.5", "9" * 20, "9" * 900_000, "²"])
def test_an_invalid_key_of_a_row_in_the_admin_is_refused(admin_client: Client, key: str) -> None:
    chosen = {"action": "delete_selected", "_selected_action": ["1", key]}
    assert refused(admin_client.post("/admin/auth/user/", chosen), 400)
    assert User.objects.exists()


@pytest.mark.parametrize("model", ["auth/user", "django_ox/oxtask"])
def test_each_row_in_the_admin_has_a_key_of_its_own_kind(admin_client: Client, model: str) -> None:
    chosen = {"action": "delete_selected", "_selected_action": ["1", str(uuid4())]}
    assert refused(admin_client.post(f"/admin/{model}/", chosen), 400)


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_empty_field_name_in_the_admin_is_refused(
    client: Client, ana: User, method: str
) -> None:
    User.objects.update(is_staff=True, is_superuser=True)
    client.force_login(ana)
    path = f"/admin/auth/user/{ana.pk}/delete/"
    assert refused(getattr(client, method)(path, {"_to_field": ""}), 400)
