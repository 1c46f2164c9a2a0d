"""Mails that are sent twice, waiting or lost are told apart."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage

from tools.stress.mailbox import queued_or_sent, received


@pytest.fixture
def folder(queue: object, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of mails that are sent."""
    monkeypatch.setenv("FOLDER", str(tmp_path))
    file = "django.core.mail.backends.filebased.EmailBackend"
    server = {"BACKEND": file, "OPTIONS": {"file_path": str(tmp_path / "mails")}}
    settings.MAILERS = settings.MAILERS | {"server": server}
    return tmp_path / "mails"


def message(to: str, message_id: str) -> EmailMessage:
    return EmailMessage("A bird", "Chirp.", to=[to], headers={"Message-ID": message_id})


def test_each_sending_is_counted(folder: Path) -> None:
    for to, message_id in (("ana@x.y", "<1@x>"), ("ana@x.y", "<1@x>"), ("ben@x.y", "<2@x>")):
        message(to, message_id).send(using="server")
    assert received(folder) == {("ana@x.y", "<1@x>"): 2, ("ben@x.y", "<2@x>"): 1}


def test_a_mail_that_waits_is_not_lost(folder: Path) -> None:
    message("ana@x.y", "<1@x>").send()
    message("ben@x.y", "<2@x>").send(using="server")
    assert queued_or_sent() == {"ana@x.y", "ben@x.y"}
