"""The features of SQLite that Django needs work with the chosen library."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import StdDev
from django.db.models.functions import MD5, JSONObject, TruncMonth
from django.test.utils import CaptureQueriesContext

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite,
]
JOINED = datetime(2026, 4, 17, 12, 30, tzinfo=UTC)


@pytest.fixture
def eva(db: None) -> User:
    return User.objects.create(username="eva", date_joined=JOINED)


@pytest.mark.parametrize(
    "lookup",
    [
        {"username__regex": "^e.a$"},
        {"username__iregex": "^E.A$"},
        {"username__icontains": "V"},
        {"date_joined": JOINED},
        {"date_joined__date": date(2026, 4, 17)},
        {"date_joined__month": 4},
    ],
    ids=str,
)
def test_lookups_work(eva: User, lookup: dict[str, object]) -> None:
    assert User.objects.get(**lookup) == eva


def test_functions_and_aggregates_work(eva: User) -> None:
    row = User.objects.annotate(
        month=TruncMonth("date_joined"),
        digest=MD5("username"),
        data=JSONObject(name="username"),
    ).values_list("month", "digest", "data", "date_joined")
    assert row.get(pk=eva.pk) == (
        datetime(2026, 4, 1, tzinfo=UTC),
        "14bd76e02198410c078ab65227ea0794",
        {"name": "eva"},
        JOINED,
    )
    assert User.objects.aggregate(spread=StdDev("pk"))["spread"] == 0


def test_decimals_and_dates_can_be_parameters() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s || '', %s || ''", [Decimal("1.50"), date(2026, 4, 17)])
        assert cursor.fetchone() == ("1.50", "2026-04-17")


def test_a_statement_takes_as_many_parameters_as_django_assumes() -> None:
    limit = connection.features.max_query_params
    assert limit
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {limit} IN ({', '.join(['%s'] * limit)})", range(1, limit + 1))
        assert cursor.fetchone()[0]


def test_statements_can_be_logged_with_their_parameters(eva: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        User.objects.filter(username="eva").exists()
    assert "eva" in queries.captured_queries[0]["sql"]
