"""A sign-in form that is still open in a second tab works after signing in in the first."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

PASSWORD = "a-long-enough-one"

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def token(browser: Client, path: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(path).text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/accounts/login/", "/"),
        ("/accounts/login/?next=/people/", "/people/"),
        ("/accounts/signup/", "/"),
    ],
)
def test_the_second_form_redirects_to_the_next_page(
    browser: Client, ana: User, path: str, leads_to: str
) -> None:
    ana.set_password(PASSWORD)
    ana.save()
    form = {"login": "ana", "password": PASSWORD}
    first, second = token(browser, "/accounts/login/"), token(browser, path)
    browser.post("/accounts/login/", form | {"csrfmiddlewaretoken": first})
    response = browser.post(path, form | {"csrfmiddlewaretoken": second}, follow=True)
    assert response.redirect_chain[-1][0] == leads_to
    assert response.status_code == 200


def test_without_signing_in_a_form_with_an_old_token_is_refused(browser: Client, ana: User) -> None:
    response = browser.post("/accounts/login/", {"csrfmiddlewaretoken": "x" * 64})
    assert response.status_code == 403
