"""After a form, text browsers are led to an address they have not seen, so they load it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

from testing.fixtures.people import PASSWORD

pytestmark = pytest.mark.django_db
TEXT_BROWSERS = (
    "w3m/0.5.3+git20230121",
    "Lynx/2.9.0dev.12 libwww-FM/2.14 SSL-MM/1.4.1",
    "Links (2.28; Linux 6.1 x86_64; GNU C 12.2; text)",
    "ELinks/0.16.1.1 (textmode; Debian; Linux 6.1 x86_64; 80x24-2)",
    "Mozilla/4.0 (compatible; Dillo 3.0)",
    "Mozilla/5.0 (Linux) NetSurf/3.10",
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0"


def address_after_follow(client: Client, user_agent: str, back: str) -> str:
    response = client.post(
        "/people/ben/follow/",
        {"action": "follow", "next": back},
        headers={"user-agent": user_agent},
    )
    assert response.status_code == 303
    return response["Location"]


@pytest.mark.parametrize("user_agent", TEXT_BROWSERS)
def test_each_press_leads_a_text_browser_to_a_new_address_of_the_same_page(
    as_ana: Client, ben: User, user_agent: str
) -> None:
    first = address_after_follow(as_ana, user_agent, "/people/?before=x#person-2")
    second = address_after_follow(as_ana, user_agent, first)
    assert first != second
    for address in (first, second):
        parts = urlsplit(address)
        assert (parts.path, parts.fragment) == ("/people/", "person-2")
        assert parse_qs(parts.query).keys() == {"before", "fresh"}
        assert parse_qs(parts.query)["before"] == ["x"]


def test_other_browsers_keep_the_address(as_ana: Client, ben: User) -> None:
    back = "/people/?before=x#person-2"
    assert address_after_follow(as_ana, FIREFOX, back) == back


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/accounts/login/", {"login": "ana", "password": PASSWORD}),
        ("/accounts/logout/", {}),
        ("/language/", {"language": "de", "next": "/"}),
    ],
)
def test_so_do_signing_in_and_out_and_choosing_a_language(
    client: Client, ana: User, path: str, data: dict[str, str]
) -> None:
    ana.set_password(PASSWORD)
    ana.save()
    if path == "/accounts/logout/":
        client.force_login(ana)
    response = client.post(path, data, headers={"user-agent": TEXT_BROWSERS[3]})
    assert urlsplit(response["Location"]).path == "/"
    assert parse_qs(urlsplit(response["Location"]).query).keys() == {"fresh"}
