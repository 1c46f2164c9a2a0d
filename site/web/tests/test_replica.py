"""Only pages read from a replica, and only what their viewer has not just changed."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from web import replica
from web.replica import ReplicaMiddleware, Router

router = Router()
type Send = Callable[..., tuple[str, str]]


def read() -> str:
    return router.db_for_read(User)


def write_and_read() -> str:
    assert read() == "replica"
    assert router.db_for_write(User) == "default"
    return read()


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch) -> Send:
    """Send a request to a view, while the replica has applied the log up to 0/1.

    Return what the view returns, and the position that the response sets.
    """
    monkeypatch.setattr(Router, "is_usable", lambda self, position: position in {"", "0/1"})
    monkeypatch.setattr(replica, "position_of_log", lambda: "0/2")

    def send(view: Callable[[], str], method: str = "GET", position: str = "") -> tuple[str, str]:
        request = RequestFactory().generic(method, "/")
        request.COOKIES["position"] = position
        response = ReplicaMiddleware(lambda request: HttpResponse(view()))(request)
        assert isinstance(response, HttpResponse)
        cookie = response.cookies.get("position")
        return response.text, cookie.value if cookie else ""

    return send


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("position", ["", "0/1"])
def test_pages_read_from_the_replica(send: Send, method: str, position: str) -> None:
    assert send(read, method, position) == ("replica", "")


def test_what_the_replica_has_not_applied_is_read_from_the_primary(send: Send) -> None:
    assert send(read, position="0/2") == ("default", "")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "NEW"])
def test_other_requests_read_from_the_primary(send: Send, method: str) -> None:
    assert send(read, method) == ("default", "")


def test_after_a_write_the_rest_of_the_request_reads_from_the_primary(send: Send) -> None:
    assert send(write_and_read) == ("default", "0/2")
    assert send(read) == ("replica", "")


def test_scripts_and_other_sites_cannot_use_the_cookie(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    monkeypatch.setattr(replica, "position_of_log", lambda: "0/2")
    middleware = ReplicaMiddleware(lambda request: HttpResponse(router.db_for_write(User)))
    cookie = middleware(RequestFactory().post("/")).cookies["position"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert cookie["max-age"] == 24 * 60 * 60


@pytest.mark.django_db(transaction=True)
def test_transactions_read_from_the_primary(send: Send) -> None:
    def view() -> str:
        with transaction.atomic():
            assert read() == "default"
        return read()

    assert send(view) == ("replica", "")


def test_commands_and_tasks_use_the_primary() -> None:
    assert router.db_for_read(User) == router.db_for_write(User) == "default"


def test_only_the_primary_is_migrated() -> None:
    assert router.allow_migrate("default", "people")
    assert not router.allow_migrate("replica", "people")


def test_objects_of_both_can_be_related() -> None:
    assert router.allow_relation(User(), User())
