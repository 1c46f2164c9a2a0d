"""A mail server that never answers does not hold up the worker for ever."""

from collections.abc import Callable
from smtplib import SMTPServerDisconnected
from socket import create_server
from typing import Any

import pytest
from django.core import mail


def test_sending_gives_up(settings_of: Callable[..., Any], settings: Any) -> None:
    with create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        server = settings_of("MAILERS", EMAIL_URL=url)["server"]
        server["OPTIONS"]["timeout"] = min(server["OPTIONS"]["timeout"], 0.1)
        settings.MAILERS = {"default": server}
        with pytest.raises(SMTPServerDisconnected, match="timed out"):
            mail.send_mail("A bird", "Chirp.", None, ["ana@example.org"])
