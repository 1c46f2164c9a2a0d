"""Malformed requests are refused with a page, and cause no server error."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

FORM = "application/x-www-form-urlencoded"
BROKEN = (
    b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!'
)

TOKEN = "a" * 32

pytestmark = pytest.mark.django_db


def assert_refused(client: Client, **request: Any) -> None:
    """Assert that each form answers 400 with the page for malformed requests."""
    for path in ("/people/ben/follow/", "/accounts/email/", "/images/add/", "/language/"):
        response = client.generic("POST", path, **request)
        assert response.status_code == 400, path
        assert "Magpie could not read that request" in response.text
        assert "Traceback" not in response.text


@pytest.fixture(params=[True, False], ids=["with token", "without"])
def browser(request: pytest.FixtureRequest, ana: User, ben: User) -> Client:
    client = Client(enforce_csrf_checks=bool(request.param), raise_request_exception=False)
    client.force_login(ana)
    client.cookies["csrftoken"] = TOKEN
    client.defaults["HTTP_X_CSRFTOKEN"] = TOKEN
    return client


@pytest.mark.parametrize("charset", ["utf-16", "latin1", "utf-7", "base64", "undefined"])
def test_a_form_in_another_charset_is_refused(browser: Client, charset: str) -> None:
    assert_refused(browser, data="action=follow", content_type=f"{FORM}; charset={charset}")


def test_a_query_in_another_charset_is_refused(browser: Client) -> None:
    for path in ("/people/?before=%ff", "/stream/?after=%ff&shown=0", "/images/add/?url=%ff"):
        response = browser.get(path, headers={"Content-Type": "text/plain; charset=utf-16"})
        assert response.status_code == 400


@pytest.mark.parametrize("charset", ["*=utf-8''%00", "=base64", "=undefined"])
def test_an_invalid_charset_is_ignored(rf: RequestFactory, charset: str) -> None:
    # Importing it reads the static files, which the tests have to collect first.
    from config.wsgi import application

    environ = rf.get("/healthz?a=%ff").environ | {"CONTENT_TYPE": f"text/plain; charset{charset}"}
    answers: list[str] = []
    application(environ, lambda status, *_: answers.append(status))  # type: ignore[arg-type]
    assert answers == ["200 OK"]


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/html; charset*=foo''x", "200 OK"),
        ("text/html; charset*=undefined''%ff", "200 OK"),
        ("multipart/form-data; boundary*=foo''x", "200 OK"),
        (f"text/html; charset={'q' * 20_000}", "431 Request Header Fields Too Large"),
    ],
)
def test_an_unreadable_content_type_is_ignored_unless_it_is_too_long(
    rf: RequestFactory, content_type: str, status: str
) -> None:
    from config.wsgi import application

    environ = rf.get("/healthz").environ | {"CONTENT_TYPE": content_type}
    answers: list[str] = []
    application(environ, lambda status, *_: answers.append(status))  # type: ignore[arg-type]
    assert answers == [status]


def test_too_many_fields_are_refused(browser: Client) -> None:
    assert_refused(
        browser, data="a=1&" * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1), content_type=FORM
    )


@pytest.mark.parametrize("boundary", ["", "; boundary=", f"; boundary={'x' * 300}"])
def test_a_broken_multipart_form_is_refused(browser: Client, boundary: str) -> None:
    assert_refused(browser, data=BROKEN, content_type=f"multipart/form-data{boundary}")


@pytest.mark.parametrize("path", ["/nowhere/", "/images/99/like/", "/accounts/confirm-email/-%2B/"])
def test_a_broken_form_to_an_unknown_url_is_refused(browser: Client, path: str) -> None:
    response = browser.generic("POST", path, data=BROKEN, content_type="multipart/form-data")
    assert response.status_code in {400, 403, 404}


@pytest.mark.parametrize("host", ["evil.example", "a b", "[::1", "testserver:port", ""])
def test_another_host_is_refused(browser: Client, host: str) -> None:
    for path in ("/", "/people/", "/nowhere/"):
        response = browser.get(path, headers={"Host": host})
        assert response.status_code == 400
        assert "evil" not in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/people/%00/",
        "/people/a%00/follow/",
        "/people/?before=%00",
        "/images/add/?url=%00",
        "/admin/auth/user/?q=%00",
        "/images/1/%00/",
        "/accounts/password/reset/key/1-%00/",
        "/media/%00",
        "/%00",
    ],
)
def test_a_nul_in_a_url_is_refused(browser: Client, ana: User, path: str) -> None:
    User.objects.update(is_staff=True, is_superuser=True)
    assert browser.get(path).status_code == 400


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30, "９" * 3, "-1", "1e9"])
def test_a_number_that_fits_no_column_causes_no_server_error(
    browser: Client, ana: User, number: object
) -> None:
    User.objects.update(is_staff=True, is_superuser=True)
    for path in ("/images/{}/", "/images/{}/like/", "/admin/auth/user/{}/change/"):
        for method in ("GET", "POST"):
            response = browser.generic(method, path.format(number))
            assert response.status_code in {302, 403, 404, 405}, path


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "django_language"])
@pytest.mark.parametrize("value", ['"\\000aaaaaaaaaaaaa"', "\xff\xfe", "a" * 5000, "é:;=", "{}"])
def test_broken_cookies_cause_no_server_error(browser: Client, name: str, value: str) -> None:
    response = browser.get("/people/", headers={"Cookie": f"{name}={value}"})
    assert response.status_code in {200, 302, 400}


@pytest.mark.parametrize(
    "field",
    [
        "username",
        "email",
        "login",
        "password",
        "title",
        "url",
        "choice",
        "first_name",
        "next",
        "action",
        "language",
    ],
)
def test_a_nul_in_a_field_causes_no_server_error(browser: Client, ben: User, field: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(ben)
    for one in (client, Client(raise_request_exception=False)):
        for path in (
            "/people/ana/follow/",
            "/accounts/login/",
            "/accounts/signup/",
            "/images/add/",
            "/profile/",
            "/accounts/password/reset/",
            "/accounts/email/",
            "/language/",
        ):
            for sent in ({field: "a\0"}, {field: "a\0", "action": "follow", "preview": "1"}):
                assert one.post(path, sent).status_code < 500, path


@pytest.mark.parametrize("key", ["[]", "ana", "-1", "9" * 30, "9" * 5000, "９"])
@pytest.mark.parametrize(
    ("path", "field"),
    [("/admin/stream/action/add/", "user"), ("/admin/people/contact/add/", "user_to")],
)
def test_an_invalid_key_in_an_admin_form_causes_no_server_error(
    browser: Client, ana: User, path: str, field: str, key: str
) -> None:
    User.objects.update(is_staff=True, is_superuser=True)
    assert browser.get(path, {field: key}).status_code == 200
    assert browser.post(path, {field: key}).status_code == 200
