"""Actions in the admin."""

import re

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stream.models import Action
from stream.record import create_action
from testing.actions import START, save_actions
from testing.people import create_users

URL = "/admin/stream/action/"


@pytest.fixture
def action(ana: User, ben: User) -> Action:
    create_action(ana, "is following", ben)
    return Action.objects.get()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("user", "ana"),
        ("verb", "is following"),
        ("target", "ben"),
        ("created", "1 January 2026, 00:00"),
    ],
)
def test_the_list_shows_user_verb_target_and_time(
    admin_client: Client, action: Action, column: str, value: str
) -> None:
    Action.objects.update(created=START)
    cell = rf'class="field-{column}[^>]*>(<a[^>]*>)?{value}<'
    assert re.search(cell, admin_client.get(URL).text)


def test_actions_can_be_searched_by_verb(admin_client: Client, action: Action) -> None:
    assert "1 action" in admin_client.get(f"{URL}?q=following").text
    assert "0 actions" in admin_client.get(f"{URL}?q=likes").text


def test_a_part_of_a_verb_is_searched_in_the_newest_actions(
    admin_client: Client, action: Action, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stream.admin.LIMIT", 2)
    create_action(ben, "likes", ben)
    assert "1 action" in admin_client.get(f"{URL}?q=FOLLOW").text
    create_action(ben, "waves")
    assert "0 actions" in admin_client.get(f"{URL}?q=FOLLOW").text


def test_actions_can_be_filtered_by_date(admin_client: Client, action: Action) -> None:
    html = admin_client.get(URL).text
    today = re.search(r'href="(\?created__gte=[^"]+)">Today<', html)
    assert today
    url = URL + today[1].replace("&amp;", "&")
    assert "1 action" in admin_client.get(url).text
    Action.objects.update(created=START)
    assert "0 actions" in admin_client.get(url).text


def test_a_longer_list_costs_no_more_queries(admin_client: Client, action: Action) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(URL).status_code == 200
        return len(queries)

    admin_client.get(URL)
    before = count()
    people = create_users(20)
    save_actions(
        Action(user=one, verb="likes", target=other) for one in people for other in people[:4]
    )
    assert count() == before


def test_only_registered_models_can_be_targets(admin_client: Client, action: Action) -> None:
    response = admin_client.get(f"{URL}{action.pk}/change/")
    types = response.context["adminform"].form.fields["target_ct"].queryset
    assert ContentType.objects.get_for_model(User) in types
    assert ContentType.objects.get_for_model(Session) not in types
