"""Mail is sent over TLS if EMAIL_URL says so."""

from collections.abc import Callable
from typing import Any


def test_mail_is_sent_over_tls_if_email_url_says_so(settings_of: Callable[..., Any]) -> None:
    mailers = settings_of("MAILERS", EMAIL_URL="smtp+tls://magpie:secret@mail.example:587")
    assert mailers["default"]["OPTIONS"]["use_tls"] is True
