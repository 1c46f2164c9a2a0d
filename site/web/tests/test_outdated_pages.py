"""Going back after a change shows no page from the browser's cache as it was before."""

from django.contrib.auth.models import User
from django.test import Client


def test_a_press_changes_a_cookie_by_which_pages_vary(as_ana: Client, ben: User) -> None:
    before = as_ana.get("/people/")
    assert "Cookie" in before["Vary"]
    assert "change" not in before.cookies
    for action in ("follow", "unfollow"):
        old = as_ana.cookies.get("change")
        answer = as_ana.post("/people/ben/follow/", {"action": action})
        assert answer.cookies["change"]["httponly"]
        assert not old or old.value != answer.cookies["change"].value


def test_signed_out_people_get_no_such_cookie(client: Client) -> None:
    assert "change" not in client.post("/language/", {"language": "de"}).cookies
