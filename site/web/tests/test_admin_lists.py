"""Lists and searches of the admin that cost the same with many rows."""

import json
import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from images.models import Image
from people.models import Contact
from stream.models import Action
from stream.record import create_action
from testing.people import create_users
from web import bounded_lists
from web.bounded_lists import BoundedPaginator

USERS = "/admin/auth/user/"
ADDRESSES = "/admin/account/emailaddress/"


def listed(client: Client, path: str) -> list[str]:
    """Return what a list of the admin shows, as text."""
    return [str(row) for row in client.get(path).context["cl"].result_list]


@pytest.mark.parametrize("term", ["an", "ANA", "silv", "Ana Sil", "ana@exam"])
@pytest.mark.parametrize("path", [USERS, "/admin/people/profile/"])
def test_people_are_found_by_the_beginning_of_a_name_in_any_case(
    admin_client: Client, ana: User, ben: User, path: str, term: str
) -> None:
    User.objects.filter(pk=ana.pk).update(email="ana@example.com")
    assert len(listed(admin_client, f"{path}?q={term}")) == 1


def test_a_search_by_both_names_takes_names_of_several_words(admin_client: Client) -> None:
    User.objects.create_user("eva", first_name="Eva Maria", last_name="Braun")
    User.objects.create_user("ida", first_name="Ida", last_name="de Souza")
    assert listed(admin_client, f"{USERS}?q=eva maria b") == ["eva"]
    assert listed(admin_client, f"{USERS}?q=Ida de S") == ["ida"]
    assert listed(admin_client, f"{USERS}?q=ida braun") == []


def test_images_are_found_by_the_beginning_of_a_title_or_their_owner(
    admin_client: Client, ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    bookmark(ana, "A red bird")
    bookmark(ben, "Anatomy")
    path = "/admin/images/image/"
    assert listed(admin_client, f"{path}?q=a RED") == ["A red bird"]
    assert sorted(listed(admin_client, f"{path}?q=ana")) == ["A red bird", "Anatomy"]
    assert listed(admin_client, f"{path}?q=%25") == []


def test_contacts_and_actions_are_found_by_a_username(
    admin_client: Client, ana: User, ben: User, cleo: User
) -> None:
    Contact.objects.follow(ana, ben)
    Contact.objects.follow(ben, cleo)
    assert len(listed(admin_client, "/admin/people/contact/?q=Ben")) == 2
    assert len(listed(admin_client, "/admin/people/contact/?q=ana")) == 1
    assert len(listed(admin_client, "/admin/stream/action/?q=ANA")) == 1


def test_email_addresses_are_found_by_their_beginning_or_their_owner(
    admin_client: Client, ana: User
) -> None:
    EmailAddress.objects.create(user=ana, email="silva@example.org", primary=True)
    for term in ("SILV", "ana", "Ana Sil"):
        assert listed(admin_client, f"{ADDRESSES}?q={term}") == ["silva@example.org"]
    assert listed(admin_client, f"{ADDRESSES}?q=example") == []


@pytest.mark.parametrize("query", ["", "?q=person", "?verified__exact=0", "?primary__exact=0"])
def test_no_statement_reads_all_email_addresses(
    admin_client: Client, ana: User, query: str
) -> None:
    emails = [f"person{number}@example.org" for number in range(60)]
    EmailAddress.objects.bulk_create(EmailAddress(user=ana, email=email) for email in emails)
    with CaptureQueriesContext(connection) as queries:
        assert len(listed(admin_client, f"{ADDRESSES}{query}")) == 50
    reads = [q["sql"] for q in queries if 'FROM "account_emailaddress"' in q["sql"]]
    assert not [sql for sql in reads if "LIMIT" not in sql]


def test_a_list_ends_after_so_many_rows_and_says_so(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_users(8)
    monkeypatch.setattr(BoundedPaginator, "limit", 5)
    context = admin_client.get(USERS).context
    assert context["cl"].result_count == 5
    assert "5 are listed" in admin_client.get(USERS).text
    assert "are listed" not in admin_client.get(f"{USERS}?q=person00").text


def test_selecting_all_selects_no_more_than_the_list_has(
    admin_client: Client, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        create_action(ana, f"did {number}")
    monkeypatch.setattr(bounded_lists, "LIMIT", 3)
    data = {"action": "delete_selected", "_selected_action": ["1"], "select_across": "1"}
    admin_client.post("/admin/stream/action/", data | {"post": "yes"})
    assert Action.objects.count() == 1


def test_people_are_completed_in_forms(admin_client: Client, ana: User, ben: User) -> None:
    fields = "app_label=stream&model_name=action&field_name=user"
    response = admin_client.get(f"/admin/autocomplete/?{fields}&term=AN")
    assert [found["text"] for found in json.loads(response.content)["results"]] == ["ana"]


SEARCHES = [
    *("auth/user/?q=person0", "auth/user/?q=person0 x", "people/profile/?q=person0"),
    *("images/image/?q=bird", "people/contact/?q=person00", "stream/action/?q=person00"),
    *("auth/user/?is_staff__exact=1", "auth/user/?is_active__exact=0"),
    *("account/emailaddress/?q=person0", "account/emailaddress/?q=person0 x"),
    *("account/emailaddress/?verified__exact=0", "account/emailaddress/?primary__exact=0"),
    *("auth/user/?is_superuser__exact=1", "images/image/?created__gte=2026-01-01 00:00Z"),
]
TABLES = [
    *("images_image", "people_contact", "people_profile", "auth_user", "stream_action"),
    "account_emailaddress",
]


@pytest.mark.parametrize("path", SEARCHES)
def test_searches_and_filters_find_rows_through_an_index(admin_client: Client, path: str) -> None:
    if connection.vendor == "postgresql":
        # Its plans depend on the numbers of rows that it has seen.
        User.objects.bulk_create(User(username=f"someone{number}") for number in range(1000))
        connection.cursor().execute("ANALYZE")
    with CaptureQueriesContext(connection) as queries:
        assert admin_client.get(f"/admin/{path}").status_code == 200
    statements = [query["sql"] for query in queries if " WHERE " in query["sql"]]
    assert any(f'FROM "{table}"' in sql for sql in statements for table in TABLES)
    for sql in statements:
        if any(f'FROM "{table}"' in sql for table in TABLES):
            check = assert_seeks if connection.vendor == "postgresql" else assert_no_scan
            check(sql)


def assert_seeks(sql: str) -> None:
    with connection.cursor() as cursor:
        # The tables of tests are too small for an index to be worth its cost.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(str(row[0]) for row in cursor.fetchall())
    assert not any(f"Seq Scan on {table}" in plan for table in TABLES), plan
    assert ("UPPER(" in sql) == bool(re.search(r"Index Cond: \(+upper\(", plan)), plan


def assert_no_scan(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = [str(row[3]) for row in cursor.fetchall()]
    # A filter may read all of an index that has only the rows it wants.
    allowed = re.compile(r"SCAN (subquery|counted)|INDEX (user|address)_[a-z]+$")
    assert not [line for line in plan if "SCAN" in line and not allowed.search(line)], plan
