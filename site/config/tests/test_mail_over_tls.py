"""Mail is sent over TLS where its address says so."""

from collections.abc import Callable
from typing import Any


def test_mail_is_sent_over_tls(settings_of: Callable[..., Any]) -> None:
    mailers = settings_of("MAILERS", EMAIL_URL="smtp+tls://magpie:secret@mail.example:587")
    assert mailers["default"]["OPTIONS"]["use_tls"] is True
