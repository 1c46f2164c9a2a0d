"""Typed text is stored as it was typed, and escaped where it is shown."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils.html import escape

from images.models import Image
from images.sanitize import sanitize
from testing.image_files import image_file

TEXTS = [
    "&lt;b&gt; &amp;amp; %3Cb%3E \\u003cb\\u003e é",
    "{0.__class__} {settings.SECRET_KEY} %s %(password)s %n ${HOME}",
    "'; DROP TABLE auth_user; -- \" OR 1=1 /*",
    "$(id) `id` | id; id && id > x",
    "(a+)+$ [a-z]{999} (?P<x>. \\1",
    "\\N{BULLET} \\x41 \\101 \\\\server\\share",
]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_stored_as_it_was_typed_and_escaped_once(
    as_ana: Client, ana: User, text: str
) -> None:
    image = Image.objects.bookmark(ana, sanitize(image_file("teal", (60, 40))), title="A bird")
    response = as_ana.post(f"/images/{image.pk}/edit/", {"title": text, "description": text})
    assert response.status_code == 303
    image = Image.objects.get()
    assert (image.title, image.description) == (text, text)
    page = as_ana.get(image.get_absolute_url()).text
    assert f'<h1 dir="auto">{escape(text)}</h1>' in page
    assert page.count(escape(text)) >= 2
    assert text not in page or escape(text) == text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/people/ana/", 200),
        ("/people/%61na/", 200),
        ("/people/%2561na/", 404),
        ("/people/%25%36%31na/", 404),
        ("/media/%252e%252e/%252e%252e/manage.py", 404),
        ("/media/%2e%2e/%2e%2e/manage.py", 404),
        ("/static/%252e%252e/%252e%252e/manage.py", 404),
    ],
)
def test_a_url_is_decoded_once(as_ana: Client, path: str, status: int) -> None:
    assert as_ana.get(path).status_code == status


def test_typed_text_is_not_run_as_a_query(as_ana: Client, ana: User) -> None:
    User.objects.update(is_staff=True, is_superuser=True, email="ana@example.org")
    for text in ("' OR '1'='1", '" OR 1=1 --', "%", "_na", "a*", ".*", "ana' --"):
        found = as_ana.get("/admin/auth/user/", {"q": text})
        assert found.context["cl"].result_count == 0
        form = {"login": text, "password": text}
        assert "Wrong username or password" in Client().post("/accounts/login/", form).text
        Client().post("/accounts/password/reset/", {"email": f"{text}@example.org"})
        assert "ana" not in [to for sent in mail.outbox for to in sent.to]


@pytest.mark.parametrize("line", ["\r\n", "\n", "\r", "%0d%0a", "\u2028", "\x85"])
def test_typed_text_cannot_add_a_header_to_a_mail(
    client: Client, ana: User, line: str, settings: Any
) -> None:
    User.objects.update(email="ana@example.org")
    typed = f"ana@example.org{line}Bcc: eve@example.org"
    new = {"username": f"dora{line}Bcc: eve", "password1": "a-long-one", "password2": "a-long-one"}
    client.post("/accounts/password/reset/", {"email": typed})
    client.post("/accounts/signup/", new | {"email": typed})
    client.post("/accounts/signup/", new | {"username": "dora", "email": typed})
    client.force_login(ana)
    client.post("/accounts/email/", {"action_add": "", "email": typed})
    assert mail.outbox == []
