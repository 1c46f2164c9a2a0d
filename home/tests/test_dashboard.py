"""What stands at /."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from testing.feed import HTMX, record
from testing.markup import has


@pytest.mark.django_db
def test_signed_out_people_learn_what_this_is(client: Client) -> None:
    html = client.get("/").text
    assert 'href="/accounts/signup/"' in html
    assert 'href="/accounts/login/"' in html


def test_the_feed_comes_after_the_page_and_there_is_a_link_to_it(as_ana: Client) -> None:
    html = as_ana.get("/").text
    assert has(html, '[hx-get="/stream/"][hx-trigger="load"]')
    assert has(html, 'a[href="/stream/"]')
    assert "<article" not in html


def test_only_people_who_are_signed_in_have_a_stream(client: Client) -> None:
    assert client.get("/stream/")["Location"] == "/accounts/login/?next=/stream/"


@pytest.mark.parametrize("left", ["signed out", "deleted", "inactive", "new password"])
@pytest.mark.parametrize("asks", ["?after=&told=0&everybody=1", "?after=&told=3", "?after="])
def test_an_open_page_whose_reader_is_signed_in_no_more_is_told_no_news(
    as_ana: Client, ana: User, ben: User, left: str, asks: str
) -> None:
    record(ben, 1)
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
    if left == "signed out" and "told" in asks:
        # Nobody is sent away from what they read before they do something.
        assert response.status_code == 204
    else:
        assert response["HX-Redirect"] == "/accounts/login/?next=/"
    assert response.text == ""
