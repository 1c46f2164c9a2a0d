"""Mail has the same text as plain text and as HTML."""

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from selectolax.lexbor import LexborHTMLParser


@pytest.fixture
def reset(client: Client, ana: User) -> EmailMultiAlternatives:
    """A password reset mail."""
    User.objects.filter(pk=ana.pk).update(email="ana@example.org")
    client.post("/accounts/password/reset/", {"email": "ana@example.org"})
    [sent] = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    return sent


def words(text: str) -> list[str]:
    return text.split()


def test_plain_text_and_html_have_the_same_text(reset: EmailMultiAlternatives) -> None:
    [(html, kind)] = reset.alternatives
    body = LexborHTMLParser(str(html)).body
    assert kind == "text/html"
    assert body
    button = "Continue on Magpie"
    assert words(body.text()) == words(str(reset.body).replace("http", f"{button} http", 1))


def test_the_link_is_a_button_in_the_html(reset: EmailMultiAlternatives) -> None:
    html = LexborHTMLParser(str(reset.alternatives[0][0]))
    link = html.css_first("a.button")
    assert link
    assert link.text() == "Continue on Magpie"
    assert str(link.attributes["href"]) in str(reset.body)


def test_the_html_loads_nothing(reset: EmailMultiAlternatives) -> None:
    assert "src=" not in str(reset.alternatives[0][0])
    assert "url(" not in str(reset.alternatives[0][0])
