"""Access: every URL, requested by signed-out people, others, the owner and the staff."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from people.models import Profile
from testing.fixtures.people import PASSWORD
from testing.url_patterns import url_patterns

METHODS = ["GET", "POST", "DELETE"]
# The status codes of GET, POST and DELETE for: signed out | another person | the owner | the staff.
ACCESS = {
    # Pages and files for everyone.
    "200 405 405 | 200 405 405 | 200 405 405 | 200 405 405": """
        / /healthz /readyz /media/<path> /accounts/inactive/ /accounts/confirm-email/
        /accounts/password/reset/done/ /accounts/password/reset/key/done/
    """,
    # Forms for everyone.
    "200 200 405 | 200 200 405 | 200 200 405 | 200 200 405": "/accounts/password/reset/",
    "405 302 405 | 405 302 405 | 405 302 405 | 405 302 405": "/language/",
    "200 404 405 | 200 404 405 | 200 404 405 | 200 404 405": "/accounts/confirm-email/<key>/",
    # Only with the signed key of a person.
    "404 404 405 | 404 404 405 | 404 404 405 | 404 404 405": "/unsubscribe/<key>/",
    # With every method, it says that the key is wrong.
    "200 200 200 | 200 200 200 | 200 200 200 | 200 200 200": """
        /accounts/password/reset/key/<uidb36>-<key>/
    """,
    # Forms for signed-out people.
    "200 200 405 | 302 302 302 | 302 302 302 | 302 302 302": "/accounts/signup/ /accounts/login/",
    # Open pages poll the first. Without htmx, it redirects to the feed.
    "302 405 405 | 302 405 405 | 302 405 405 | 302 405 405": """
        /stream/new/ /.well-known/change-password
    """,
    # Not there, unless a setting gives its content.
    "404 405 405 | 404 405 405 | 404 405 405 | 404 405 405": "/.well-known/security.txt",
    # Pages for signed-in people.
    "302 302 302 | 200 405 405 | 200 405 405 | 200 405 405": """
        /stream/ /notifications/ /suggestions/ /settings/ /welcome/people/ /welcome/images/ /people/
        /people/<username>/ /people/<username>/activity/
        /people/<username>/followers/ /people/<username>/following/ /people/<username>/likes/
        /images/ /images/bookmarklet/ /images/<pk>/likes/ /images/<pk>/<slug>/
    """,
    "302 302 302 | 302 405 405 | 302 405 405 | 302 405 405": "/images/<pk>/",
    # Actions. A POST without `action` is an error, and so is following oneself.
    "302 302 302 | 405 400 405 | 405 400 405 | 405 400 405": """
        /people/<username>/follow/ /images/<pk>/like/ /stream/filter/
    """,
    "302 302 302 | 405 303 405 | 405 400 405 | 405 303 405": "/people/<username>/dismiss/",
    # The viewer's own settings, and new images.
    # What was typed when the session had ended comes back after signing in.
    "302 200 405 | 200 422 405 | 200 422 405 | 200 422 405": "/images/add/",
    "302 302 302 | 405 303 405 | 405 303 405 | 405 303 405": "/images/<pk>/save/",
    "302 302 302 | 200 200 405 | 200 200 405 | 200 200 405": """
        /welcome/profile/ /accounts/password/change/ /accounts/reauthenticate/
    """,
    "302 302 302 | 302 400 405 | 302 400 405 | 302 400 405": "/welcome/",
    "302 302 302 | 302 200 405 | 302 200 405 | 302 200 405": """
        /profile/ /settings/notifications/
    """,
    "302 302 302 | 200 302 405 | 200 302 405 | 200 302 405": "/accounts/email/",
    "302 302 405 | 200 302 405 | 200 302 405 | 200 302 405": "/accounts/logout/",
    # Redirects for everyone.
    "302 302 302 | 302 302 302 | 302 302 302 | 302 302 302": """
        /accounts/password/set/ /accounts/login/code/confirm/
        /admin/r/<content_type_id>/<object_id>/
        /admin/images/image/<object_id>/ /admin/auth/group/<object_id>/
        /admin/auth/user/<object_id>/ /admin/people/profile/<object_id>/
        /admin/people/contact/<object_id>/ /admin/stream/action/<object_id>/
        /admin/django_ox/oxtask/<object_id>/
        /admin/account/emailaddress/<object_id>/
    """,
    # The owner's pages, which do not exist for anyone else, not even for the staff.
    "302 302 302 | 404 404 405 | 200 422 405 | 404 404 405": "/images/<pk>/edit/",
    "302 302 302 | 404 404 405 | 200 303 405 | 404 404 405": "/images/<pk>/delete/",
    # Pages for the staff.
    "302 302 302 | 403 403 403 | 403 403 403 | 302 200 405": "/admin/login/",
    "302 302 302 | 302 302 302 | 302 302 302 | 405 200 405": "/admin/logout/",
    "302 302 302 | 302 302 302 | 302 302 302 | 200 200 405": "/admin/password_change/",
    "302 302 302 | 302 302 302 | 302 302 302 | 200 405 405": """
        /admin/password_change/done/ /admin/jsi18n/ /admin/django_ox/oxtask/overview/
    """,
    "302 302 302 | 302 302 302 | 302 302 302 | 200 200 200": """
        /admin/ /admin/<app_label>/
        /admin/django_ox/oxtask/ /admin/django_ox/oxtask/<object_id>/history/
        /admin/images/image/ /admin/images/image/<object_id>/history/
        /admin/images/image/<object_id>/delete/ /admin/images/image/<object_id>/change/
        /admin/auth/group/ /admin/auth/group/add/ /admin/auth/group/<object_id>/history/
        /admin/auth/group/<object_id>/delete/ /admin/auth/group/<object_id>/change/
        /admin/auth/user/ /admin/auth/user/add/ /admin/auth/user/<object_id>/history/
        /admin/auth/user/<object_id>/delete/ /admin/auth/user/<object_id>/change/
        /admin/auth/user/<id>/password/
        /admin/people/profile/ /admin/people/profile/<object_id>/history/
        /admin/people/contact/ /admin/people/contact/add/
        /admin/people/contact/<object_id>/history/ /admin/people/contact/<object_id>/delete/
        /admin/stream/action/ /admin/stream/action/add/ /admin/stream/action/<object_id>/history/
        /admin/stream/action/<object_id>/delete/ /admin/stream/action/<object_id>/change/
        /admin/account/emailaddress/ /admin/account/emailaddress/add/
        /admin/account/emailaddress/<object_id>/history/
        /admin/account/emailaddress/<object_id>/delete/
        /admin/account/emailaddress/<object_id>/change/
    """,
    "302 302 302 | 302 302 302 | 302 302 302 | 200 302 200": """
        /admin/people/profile/<object_id>/change/
    """,
    "302 302 302 | 302 302 302 | 302 302 302 | 404 404 404": "/admin/<url>",
    # Not allowed even for the staff.
    "302 302 302 | 302 302 302 | 302 302 302 | 403 405 405": "/admin/autocomplete/",
    "302 302 302 | 302 302 302 | 302 302 302 | 200 403 200": """
        /admin/people/contact/<object_id>/change/ /admin/django_ox/oxtask/<object_id>/change/
    """,
    "302 302 302 | 302 302 302 | 302 302 302 | 403 403 403": """
        /admin/django_ox/oxtask/add/ /admin/django_ox/oxtask/<object_id>/delete/
        /admin/images/image/add/ /admin/people/profile/add/
        /admin/people/profile/<object_id>/delete/
    """,
}


def answers(session: str, url: str) -> str:
    """Return the status codes for one session. Roll back after each request."""
    statuses = []
    for method in METHODS:
        client = Client()
        client.cookies["sessionid"] = session
        with transaction.atomic():
            response = client.generic(method, url)
            statuses.append(str(response.status_code))
            # This closes the file, if the response is one.
            response.getvalue()
            transaction.set_rollback(True)
    return " ".join(statuses)


@pytest.mark.parametrize("expected", ACCESS, ids=[urls.split()[0] for urls in ACCESS.values()])
@pytest.mark.django_db
def test_every_url_allows_only_the_people_in_the_table(
    sessions: dict[str, str], path: Callable[[str], str], expected: str
) -> None:
    for pattern in ACCESS[expected].split():
        got = [answers(session, path(pattern)) for session in sessions.values()]
        assert (pattern, " | ".join(got)) == (pattern, expected)


def test_the_table_lists_exactly_the_urls_of_the_site() -> None:
    listed = [url for urls in ACCESS.values() for url in urls.split()]
    assert sorted(listed) == sorted(url_patterns()), "Add each new URL to ACCESS in this file."


@pytest.mark.django_db
def test_nobody_sees_addresses_and_birthdays_of_others(
    sessions: dict[str, str], owner: User, path: Callable[[str], str]
) -> None:
    owner.email = "ana@example.org"
    owner.save()
    Profile.objects.filter(user=owner).update(date_of_birth=date(1987, 6, 5))
    secrets = ("ana@example.org", "1987", owner.password)

    def revealed(person: str, pattern: str) -> set[str]:
        client = Client()
        client.cookies["sessionid"] = sessions[person]
        text = client.get(path(pattern)).getvalue().decode(errors="replace")
        return {secret for secret in secrets if secret in text}

    for pattern in url_patterns():
        assert revealed("other", pattern) == revealed("signed out", pattern) == set(), pattern
    assert revealed("owner", "/settings/") == {"1987"}
    assert revealed("owner", "/accounts/email/") == {"ana@example.org"}


@pytest.mark.django_db
def test_fields_that_no_form_has_make_nobody_staff(client: Client) -> None:
    more = {"is_staff": "on", "is_superuser": "on", "is_active": "on", "user": "1", "pk": "1"}
    new = {"username": "dora", "email": "dora@example.org"}
    client.post("/accounts/signup/", more | new | {"password1": PASSWORD, "password2": PASSWORD})
    more |= {"user_permissions": "1", "groups": "1", "username": "admin", "password": "x"}
    assert client.post("/profile/", more | {"first_name": "Dora"}).status_code == 303
    dora = User.objects.get()
    assert (dora.username, dora.first_name) == ("dora", "Dora")
    assert not dora.is_staff
    assert not dora.is_superuser
    assert not dora.user_permissions.exists()
    assert dora.check_password(PASSWORD)
