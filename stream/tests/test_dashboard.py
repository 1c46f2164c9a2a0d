"""What stands at /."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_signed_out_people_learn_what_this_is(client: Client) -> None:
    html = client.get("/").text
    assert 'href="/accounts/signup/"' in html
    assert 'href="/accounts/login/"' in html


def test_the_feed_comes_after_the_page_and_there_is_a_link_to_it(as_ana: Client) -> None:
    html = as_ana.get("/").text
    assert 'hx-get="/stream/" hx-trigger="load"' in html
    assert '<a class="button primary" id="feed-link" href="/stream/"' in html
    assert "<article" not in html


def test_only_people_who_are_signed_in_have_a_stream(client: Client) -> None:
    assert client.get("/stream/")["Location"] == "/accounts/login/?next=/stream/"
