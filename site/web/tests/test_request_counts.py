"""Counting a POST request costs one statement per limit. An unanswered request is not counted."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from people.models import Contact
from web.limits import Limit, RateLimitMiddleware
from web.models import RateLimit

pytestmark = pytest.mark.django_db
FOLLOW = {"action": "follow"}


@pytest.fixture
def counts() -> Callable[[], list[int]]:
    def counts() -> list[int]:
        return list(RateLimit.objects.values_list("count", flat=True))

    return counts


def test_a_follow_costs_one_statement_for_each_of_its_two_limits(as_ana: Client, ben: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert as_ana.post("/people/ben/follow/", FOLLOW).status_code == 303
    statements = [query["sql"].split() for query in queries if "web_ratelimit" in query["sql"]]
    assert [words[:2] for words in statements] == [["INSERT", "INTO"]] * 2


def test_a_request_that_the_site_could_not_answer_is_not_counted(
    ana: User, ben: User, counts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(ana)
    client.post("/people/ben/follow/", FOLLOW)
    assert counts() == [1, 1]

    def fail(*users: User) -> None:
        raise OperationalError("The database is locked.")

    monkeypatch.setattr(Contact.objects, "follow", fail)
    assert client.post("/people/ben/follow/", FOLLOW).status_code == 503
    assert counts() == [1, 1]


def test_a_refusal_and_a_bug_are_counted(
    ana: User, ben: User, counts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(ana)
    assert client.post("/people/ben/follow/", {}).status_code == 400

    def fail(*users: User) -> None:
        raise DatabaseError("A mistake.")

    monkeypatch.setattr(Contact.objects, "follow", fail)
    assert client.post("/people/ben/follow/", FOLLOW).status_code == 500
    assert counts() == [2, 2]


def test_a_refund_that_fails_does_not_change_the_response(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(request: Any) -> HttpResponse:
        request.limit_counts.append((Limit("save", 30, 60), "ana", 0.0))
        return HttpResponse("Magpie is busy.", status=503, headers={"Retry-After": "3"})

    def fail(*arguments: Any, **keywords: Any) -> None:
        raise OperationalError("The database is gone.")

    monkeypatch.setattr(RateLimit.objects, "refund", fail)
    response = RateLimitMiddleware(answer)(rf.post("/"))
    assert response.status_code == 503
    assert response["Retry-After"] == "3"


def test_a_dummy_cache_turns_rate_limits_off(
    as_ana: Client, ben: User, settings: Any, counts: Any
) -> None:
    settings.CACHE_URL = "dummycache://"
    settings.RATE_LIMITS = {"user_follow": {"user": 1}}
    answers = [as_ana.post("/people/ben/follow/", FOLLOW).status_code for _ in range(3)]
    assert answers == [303] * 3
    assert counts() == []


def test_the_cache_url_of_an_earlier_version_counts_in_the_database(
    as_ana: Client, ben: User, settings: Any, counts: Any
) -> None:
    settings.CACHE_URL = "dbcache://cache?max_entries=20000"
    as_ana.post("/people/ben/follow/", FOLLOW)
    assert counts() == [1, 1]
