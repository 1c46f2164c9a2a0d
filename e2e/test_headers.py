"""Security headers of the site when it is served over https."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import urllib3
from django.contrib.auth.models import User
from django.templatetags.static import static
from django.test import Client

from images.models import Image
from testing.fixtures.people import PASSWORD
from testing.headers import POLICY_OF_UPLOADS, check_headers
from tools.audit.observatory import Visit, modifiers, score
from tools.servers.site import serving

HOST = "magpie.example"
type Send = Callable[..., Any]


@pytest.fixture(scope="module")
def send(server_environment: dict[str, str]) -> Iterator[Send]:
    """Yield a function that sends requests as the proxy in front of an https site does."""
    more = {"SITE_URL": f"https://{HOST}", "CACHE_URL": "dummycache://"}
    with serving(None, **server_environment, **more) as url, urllib3.PoolManager() as pool:

        def send(path: str, method: str = "GET", **options: Any) -> Any:
            headers = {"Host": HOST, "X-Forwarded-Proto": "https", **options.pop("headers", {})}
            return pool.request(method, url + path, headers=headers, redirect=False, **options)

        yield send


@pytest.fixture
def session(ana: User) -> dict[str, str]:
    """Return the session cookie of Ana, as a staff member."""
    client = Client()
    User.objects.update(is_staff=True, is_superuser=True)
    client.force_login(ana)
    return {"Cookie": f"__Host-sessionid={client.cookies['sessionid'].value}"}


@pytest.fixture
def landing(send: Send) -> Visit:
    """Return a browser's visit to the landing page."""
    response = send("/")
    http = send("/", headers={"X-Forwarded-Proto": "http"})
    return Visit(
        url=f"https://{HOST}/",
        headers=response.headers,
        cookies=response.headers.getlist("Set-Cookie"),
        html=response.data.decode(),
        http_leads_to=http.headers["Location"],
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/people/", 200),
        ("/images/add/", 200),
        ("/people/ana", 301),
        ("/accounts/login/", 302),
        ("/stream/?before=x", 400),
        ("/nowhere/", 404),
        ("/media/nowhere.webp", 404),
        ("/static/nowhere.css", 404),
        ("/admin/", 200),
        ("/healthz", 200),
        # The readiness check accepts a cache that stores nothing.
        ("/readyz", 200),
    ],
)
def test_every_response_has_all_headers(
    send: Send, session: dict[str, str], path: str, status: int
) -> None:
    for htmx in ({}, {"HX-Request": "true"}):
        response = send(path, headers=session | htmx)
        assert response.status == status
        check_headers(response.headers)


def test_static_files_have_all_headers(send: Send) -> None:
    for name in ("css/magpie.css", "js/site.js", "img/magpie.svg", "admin/css/base.css"):
        response = send(static(name))
        assert response.status == 200
        assert 'charset="utf-8"' in response.headers["Content-Type"]
        check_headers(response.headers)


def test_uploads_have_all_headers_and_cannot_run_scripts(
    send: Send, ana: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(ana, "A bird")
    for url in (image.image.url, image.image.urls["thumbnail"]):
        response = send(url)
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("image/")
        check_headers(response.headers, POLICY_OF_UPLOADS)


def test_a_form_without_its_token_is_refused_with_all_headers(send: Send) -> None:
    response = send("/accounts/login/", "POST", fields={"login": "ana"})
    assert response.status == 403
    check_headers(response.headers)


def test_another_host_is_refused_with_all_headers(send: Send) -> None:
    response = send("/", headers={"Host": "evil.example"})
    assert response.status == 400
    assert b"evil.example" not in response.data
    check_headers(response.headers)


def test_cookies_are_closed_to_other_hosts_scripts_and_sites(send: Send, ben: User) -> None:
    ben.set_password(PASSWORD)
    ben.save()
    form = send("/accounts/login/")
    token = form.data.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    cookie = form.headers["Set-Cookie"].partition(";")[0]
    headers = {"Cookie": cookie, "Referer": f"https://{HOST}/accounts/login/"}
    fields = {"csrfmiddlewaretoken": token, "login": "ben", "password": PASSWORD}
    login = send("/accounts/login/", "POST", headers=headers, fields=fields)
    assert login.status == 302
    chosen = send("/language/", "POST", headers=headers, fields=fields | {"language": "de"})
    cookies = [
        cookie
        for response in (form, login, chosen)
        for cookie in response.headers.getlist("Set-Cookie")
        if not cookie.startswith("messages=")
    ]
    names = {cookie.partition("=")[0] for cookie in cookies}
    assert names == {"__Host-csrftoken", "__Host-sessionid", "__Host-language"}
    for cookie in cookies:
        attributes = set(cookie.split("; ")[1:])
        assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= attributes
        assert "Domain" not in cookie


def test_http_redirects_to_https_on_the_same_host(send: Send) -> None:
    response = send("/people/?before=x", headers={"X-Forwarded-Proto": "http"})
    assert response.status == 301
    assert response.headers["Location"] == f"https://{HOST}/people/?before=x"


def test_the_observatory_score_is_115_or_more(landing: Visit) -> None:
    assert landing.cookies
    assert landing.html.startswith("<!doctype html>")
    assert all(points >= 0 for points, _ in modifiers(landing).values())
    assert score(landing) >= 115


@pytest.mark.parametrize(
    "name",
    [
        "Content-Security-Policy",
        "Cross-Origin-Resource-Policy",
        "Referrer-Policy",
        "Strict-Transport-Security",
        "X-Content-Type-Options",
    ],
)
def test_the_observatory_score_drops_without_any_one_header(landing: Visit, name: str) -> None:
    others = {key: value for key, value in landing.headers.items() if key != name}
    assert score(replace(landing, headers=others)) < score(landing)


def test_the_observatory_score_drops_with_unsafe_cookies(landing: Visit) -> None:
    for attribute in ("; Secure", "; SameSite=Lax"):
        cookies = [cookie.replace(attribute, "") for cookie in landing.cookies]
        assert score(replace(landing, cookies=cookies)) < score(landing)


def test_a_low_score_gets_no_bonus() -> None:
    headers = {"Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"}
    assert modifiers(Visit("https://x/", headers))["referrer-policy"][0] > 0
    assert score(Visit("https://x/", headers)) == 100 - 25 - 20 - 20 - 5
