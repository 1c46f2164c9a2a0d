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


def test_the_feed_comes_after_the_page_and_there_is_a_link_to_it(as_ana: Client) -> None:
    html = as_ana.get("/").text
    assert has(html, '[hx-get="/stream/"][hx-trigger="load"]')
    assert has(html, 'a[href="/stream/"]')
    assert "<article" not in html


def test_signed_out_people_have_no_stream(client: Client) -> None:
    assert client.get("/stream/")["Location"] == "/accounts/login/?next=/stream/"


@pytest.mark.parametrize("left", ["signed out", "deleted", "inactive", "new password"])
@pytest.mark.parametrize(
    "asks", ["new/?after=&shown=0&everyone=1", "new/?after=&shown=3", "?after="]
)
def test_an_open_page_learns_nothing_once_its_session_has_ended(
    as_ana: Client, ana: User, ben: User, left: str, asks: str
) -> None:
    save_ungrouped_actions(ben, 1)
    match left:
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
        f"/stream/{asks}", headers=HTMX | {"HX-Current-URL": "http://testserver/"}
    )
    if left == "signed out" and "new/" in asks:
        # The page stays readable until the viewer does something.
        assert response.status_code == 204
    else:
        assert response["HX-Redirect"] == "/accounts/login/?next=/"
    assert response.text == ""
