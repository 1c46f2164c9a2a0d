"""The page at /: the landing page or the dashboard."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from testing.actions import save_ungrouped_actions
from testing.feed import HTMX
from testing.markup import has


@pytest.mark.django_db
def test_signed_out_people_see_the_landing_page(client: Client) -> None:
    html = client.get("/").text
    assert 'href="/accounts/signup/"' in html
    assert 'href="/accounts/login/"' in html


def test_the_page_loads_the_feed_with_htmx_and_links_to_it(as_ana: Client) -> None:
    html = as_ana.get("/").text
    assert has(html, '[hx-get="/stream/"][hx-trigger="load"]')
    assert has(html, 'a[href="/stream/"]')
    assert "<article" not in html


def test_signed_out_people_are_sent_from_the_stream_to_the_login_page(client: Client) -> None:
    assert client.get("/stream/")["Location"] == "/accounts/login/?next=/stream/"


@pytest.mark.parametrize("ended_by", ["signed out", "deleted", "inactive", "new password"])
@pytest.mark.parametrize(
    "query", ["new/?after=&shown=0&everyone=1", "new/?after=&shown=3", "?after="]
)
def test_an_open_page_gets_no_data_after_its_session_has_ended(
    as_ana: Client, ana: User, ben: User, ended_by: str, query: str
) -> None:
    save_ungrouped_actions(ben, 1)
    match ended_by:
        case "signed out":
            as_ana.logout()
        case "deleted":
            ana.delete()
        case "inactive":
            User.objects.filter(pk=ana.pk).update(is_active=False)
        case "new password":
            ana.set_password("shiny-things")
            ana.save()
    response = as_ana.get(
        f"/stream/{query}", headers=HTMX | {"HX-Current-URL": "http://testserver/"}
    )
    if ended_by == "signed out" and "new/" in query:
        # The page stays readable until the viewer uses it.
        assert response.status_code == 204
    else:
        assert response["HX-Redirect"] == "/accounts/login/?next=/"
    assert response.text == ""
