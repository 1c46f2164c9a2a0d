"""Actions in the admin."""

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.test import Client

from stream.models import Action
from stream.record import create_action


@pytest.fixture
def action(ana: User, ben: User) -> Action:
    create_action(ana, "is following", ben)
    return Action.objects.get()


def test_the_list_shows_who_did_what_to_what_when(admin_client: Client, action: Action) -> None:
    html = admin_client.get("/admin/stream/action/").text
    for column in ("user", "verb", "target", "created"):
        assert f'class="field-{column}' in html


def test_it_is_searched_by_verb_and_filtered_by_date(admin_client: Client, action: Action) -> None:
    assert "1 action" in admin_client.get("/admin/stream/action/?q=following").text
    assert "0 actions" in admin_client.get("/admin/stream/action/?q=likes").text
    assert "created__gte" in admin_client.get("/admin/stream/action/").text


def test_targets_are_of_the_types_of_this_site(admin_client: Client, action: Action) -> None:
    response = admin_client.get(f"/admin/stream/action/{action.pk}/change/")
    types = response.context["adminform"].form.fields["target_ct"].queryset
    assert ContentType.objects.get_for_model(User) in types
    assert ContentType.objects.get_for_model(Session) not in types
