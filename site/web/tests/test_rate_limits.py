"""Too many POST requests are refused until the next minute, without affecting other people."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client, RequestFactory

from images.models import Image
from images.sanitize import sanitize
from people.models.told import KINDS
from testing.fixtures.clock import NOW, Clock
from testing.fixtures.people import PASSWORD
from testing.image_files import image_file
from web.errors import too_many_requests

LIMITS = [(url, per) for url, amounts in site.RATE_LIMITS.items() for per in amounts]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def post(cleo: User) -> Callable[..., Any]:
    """Post a form to a URL, given its name. Only the limits matter here, not the response."""
    image = Image.objects.bookmark(cleo, sanitize(image_file("teal", (40, 30))), title="A bird")
    forms = {
        "account_login": ("/accounts/login/", {"login": "ana"}),
        "account_signup": ("/accounts/signup/", {"username": "ana"}),
        "account_reset_password": ("/accounts/password/reset/", {"email": "ana@example.org"}),
        "user_follow": ("/people/cleo/follow/", {"action": "follow"}),
        "user_dismiss": ("/people/cleo/dismiss/", {}),
        "image_like": (f"/images/{image.pk}/like/", {"action": "like"}),
        "image_save": (f"/images/{image.pk}/save/", {}),
        "image_create": ("/images/add/", {"preview": "", "url": ""}),
        "profile_edit": ("/profile/", {"first_name": "Ana"}),
        "stream_filter": ("/stream/filter/", {"show": "images"}),
        "welcome": ("/welcome/", {"step": "people"}),
        "welcome_profile": ("/welcome/profile/", {"first_name": "Ana"}),
        "settings_told": ("/settings/notifications/", dict.fromkeys(KINDS, "nobody")),
        "account_reset_password_from_key": ("/accounts/password/reset/key/1-x/", {}),
        "account_change_password": ("/accounts/password/change/", {}),
        "account_set_password": ("/accounts/password/set/", {}),
        "account_reauthenticate": ("/accounts/reauthenticate/", {}),
        "account_email": ("/accounts/email/", {}),
        "admin:password_change": ("/admin/password_change/", {}),
    }

    def post(client: Client, url: str, ip: str = "192.0.2.1", **more: Any) -> Any:
        path, form = forms[url]
        headers = more.pop("headers", {})
        return client.post(path, form | more, REMOTE_ADDR=ip, headers=headers)

    return post


def statuses(*responses: Any) -> list[int]:
    """Return the statuses, with 200 for everything but 429."""
    return [429 if response.status_code == 429 else 200 for response in responses]


@pytest.fixture
def visitor(client: Client, ana: User) -> Callable[[str], Client]:
    """Return a client that may post to a URL: Ana's, or a signed-out one for signing in and up."""
    ana.set_password(PASSWORD)
    ana.is_staff = True
    ana.save()

    def visitor(url: str) -> Client:
        is_signed_out = url.startswith("account") and "ip" in site.RATE_LIMITS[url]
        if not is_signed_out:
            client.force_login(ana)
        return client

    return visitor


@pytest.mark.parametrize(("url", "per"), LIMITS)
def test_requests_over_the_limit_are_refused_until_the_next_minute(
    visitor: Any, post: Any, settings: Any, clock: Clock, url: str, per: str
) -> None:
    settings.RATE_LIMITS = {url: {per: 3}}
    tries = [post(visitor(url), url) for _ in range(5)]
    assert statuses(*tries) == [200, 200, 200, 429, 429]
    assert all(response.status_code < 400 for response in tries[:3])
    clock(NOW + 60)
    assert statuses(post(visitor(url), url)) == [200]


@pytest.mark.parametrize(("url", "per"), LIMITS)
def test_another_person_address_or_email_is_not_refused(
    visitor: Any, post: Any, settings: Any, ben: User, url: str, per: str
) -> None:
    settings.RATE_LIMITS = {url: {per: 1}}
    assert statuses(*(post(visitor(url), url) for _ in range(2))) == [200, 429]
    other = {"ip": {"ip": "192.0.2.2"}, "email": {"email": "ben@example.org"}}.get(per, {})
    client = visitor(url)
    if per == "user":
        client.force_login(ben)
    assert statuses(post(client, url, **other)) == [200]


@pytest.mark.parametrize("url", site.RATE_LIMITS)
def test_get_requests_are_not_counted(visitor: Any, post: Any, settings: Any, url: str) -> None:
    settings.RATE_LIMITS = {url: {"ip": 1}}
    client = visitor(url)
    path = post(client, url).wsgi_request.path
    assert 429 not in {client.get(path, REMOTE_ADDR="192.0.2.1").status_code for _ in range(3)}


def test_previews_and_saves_are_counted_together(visitor: Any, post: Any, settings: Any) -> None:
    settings.RATE_LIMITS = {"image_create": {"user": 2}}
    client = visitor("image_create")
    preview = post(client, "image_create")
    save = client.post("/images/add/", {"title": "A bird"})
    assert (preview.status_code, save.status_code) == (200, 422)
    assert statuses(post(client, "image_create")) == [429]
    assert statuses(client.post("/images/add/", {"title": "A bird"})) == [429]


def test_case_and_space_around_an_email_make_no_difference(
    client: Client, post: Any, settings: Any
) -> None:
    settings.RATE_LIMITS = {"account_reset_password": {"email": 1}}
    typed = ["ana@example.org", "ANA@example.org", " Ana@Example.org "]
    tries = [post(client, "account_reset_password", email=email) for email in typed]
    assert statuses(*tries) == [200, 429, 429]


def test_liking_four_images_a_second_reaches_no_limit(visitor: Any, post: Any) -> None:
    client = visitor("image_like")
    assert 429 not in statuses(*(post(client, "image_like") for _ in range(4 * 60)))


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_every_refusal_is_the_same_page_and_says_when_to_try_again(
    visitor: Any, post: Any, settings: Any, headers: dict[str, str]
) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"image_like": {"user": 1}}
    client = visitor("image_like")
    form = {"oldpassword": "x"}
    ours = [post(client, "image_like", headers=headers) for _ in range(2)][-1]
    theirs = [client.post("/accounts/password/change/", form, headers=headers) for _ in range(6)]
    for response in (ours, theirs[-1]):
        assert response.status_code == 429
        assert 0 < int(response["Retry-After"]) <= 60
        assert "<h1>Too many attempts</h1>" in response.text
        assert '<header class="site-header">' in response.text


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        # IPv4 addresses as a server that listens on IPv6 sees them.
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
    ],
)
def test_addresses_in_one_ipv6_network_share_a_limit(
    client: Client, post: Any, settings: Any, first: str, second: str, is_same: bool
) -> None:
    settings.RATE_LIMITS = {"account_login": {"ip": 1}}
    tries = [post(client, "account_login", ip=ip) for ip in (first, second)]
    assert statuses(*tries) == [200, 429 if is_same else 200]


def test_without_a_proxy_x_forwarded_for_is_ignored(
    client: Client, post: Any, settings: Any
) -> None:
    settings.RATE_LIMITS = {"account_login": {"ip": 1}}
    forged = [{"X-Forwarded-For": f"203.0.113.{number}"} for number in range(2)]
    tries = [post(client, "account_login", headers=headers) for headers in forged]
    assert statuses(*tries) == [200, 429]


@pytest.mark.parametrize(
    ("seen", "neighbour", "other"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.8"),
        ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"),
    ],
)
def test_behind_a_proxy_only_the_address_that_it_saw_counts(
    client: Client, post: Any, settings: Any, seen: str, neighbour: str, other: str
) -> None:
    settings.RATE_LIMITS = {"account_login": {"ip": 1}}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    values = [seen, f"forged, {neighbour}", f"198.51.100.1,{seen}", f"{seen}, {other}"]
    tries = [post(client, "account_login", headers={"X-Forwarded-For": value}) for value in values]
    assert statuses(*tries) == [200, 429, 429, 200]


def test_staff_use_the_same_login_page_as_everyone(client: Client) -> None:
    for path in ("/admin/login/?next=/admin/", "/admin/"):
        response = client.get(path, follow=True)
        assert response.redirect_chain[-1][0].startswith("/accounts/login/")
        assert 'name="next" value="/admin/"' in response.text
    assert client.post("/admin/login/", {"username": "x", "password": "x"}).status_code == 302


@pytest.mark.parametrize(
    ("seconds", "amount", "unit"),
    [
        (1, 1, "second"),
        (59, 59, "seconds"),
        (60, 1, "minute"),
        (61, 2, "minutes"),
        (3600, 60, "minutes"),
        (7201, 3, "hours"),
    ],
)
def test_a_refusal_says_how_long_to_wait(
    rf: RequestFactory, seconds: int, amount: int, unit: str
) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    response = too_many_requests(request, seconds)
    assert response["Retry-After"] == str(seconds)
    assert re.search(rf"\b{amount} {unit}\b", response.text)
