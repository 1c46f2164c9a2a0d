"""The systemd services have no more rights than they need."""

import pytest
from django.conf import settings

SERVICES = ("magpie", "magpie-prune")


def sandbox(name: str) -> set[str]:
    """The lines of a service that limit what it can do."""
    lines = (settings.BASE_DIR / f"deploy/{name}.service").read_text().splitlines()
    return set(lines[lines.index("ProtectSystem=strict") :]) - {"", "[Install]"}


def test_the_timer_can_do_no_more_than_the_site() -> None:
    assert sandbox("magpie") - {"WantedBy=multi-user.target"} == sandbox("magpie-prune")


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_of_others_are_out_of_reach(name: str) -> None:
    assert {
        "ProtectHome=yes",
        "ProtectProc=invisible",
        "PrivateUsers=yes",
        "MemoryDenyWriteExecute=yes",
        "SystemCallFilter=~@privileged @resources",
    } <= sandbox(name)
