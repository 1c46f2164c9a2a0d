"""Each client on the live server, and the confirmation mail."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from email import message_from_bytes
from email.policy import default
from functools import partial
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from e2e.clients import matrix
from e2e.clients.client import Client, wait_for
from e2e.clients.graphical import GraphicalClient, firefox, webkit
from e2e.clients.lynx import lynx
from e2e.clients.w3m import w3m
from testing.fixtures.people import PASSWORD


class ClientScheduling(LoadScopeScheduling):
    """Let one process run all tests of a client, so that it starts only once.

    The marks of --dist loadgroup in pytest-xdist 3.8 do nothing with pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        """Return the parameters of a test, of which a client is one."""
        return nodeid.partition("[")[2]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ClientScheduling:
    return ClientScheduling(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--matrix", type=Path, help="Write the results into the table of this file.")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if path := config.getoption("--matrix", None):
        kinds = ("passed", "failed", "error", "")
        stats = [report for kind in kinds for report in terminalreporter.stats.get(kind, [])]
        matrix.write(path, stats)


GRAPHICAL = {
    "Firefox": partial(firefox, runs_scripts=True),
    "Firefox without scripts": partial(firefox, runs_scripts=False),
    "WebKitGTK": partial(webkit, runs_scripts=True),
    "WebKitGTK without scripts": partial(webkit, runs_scripts=False),
}
TEXT: dict[str, Callable[[], AbstractContextManager[Client]]] = {"w3m": w3m, "lynx": lynx}


@pytest.fixture(scope="session")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="session")
def server_environment(server_environment: dict[str, str], mailbox: Path) -> dict[str, str]:
    return server_environment | {"EMAIL_URL": f"filemail:///{mailbox}"}


@pytest.fixture(
    scope="session",
    params=[*GRAPHICAL, *TEXT],
)
def running(request: pytest.FixtureRequest) -> Iterator[GraphicalClient | None]:
    """Start a graphical browser once for all its tests. A text browser starts for each test."""
    if request.param in TEXT:
        yield None
    else:
        with GRAPHICAL[request.param]() as client:
            yield client


@pytest.fixture
def client(
    running: GraphicalClient | None,
    request: pytest.FixtureRequest,
    site_url: str,
    record_property: Callable[[str, object], None],
) -> Iterator[Client]:
    """Return a client that has never seen the site. Its pages must give no reason to complain."""
    name = request.node.callspec.params["running"]
    with ExitStack() as stack:
        if running:
            running.open(site_url)
            running.forget()
        client = running or stack.enter_context(TEXT[name]())
        browser, _, mode = name.partition(" without ")
        title = f"{browser} {client.version}" + (f", without {mode}" if mode else "")
        record_property("client", title)
        yield client
        record_property("complaints", ", ".join(client.complaints))
        assert not client.complaints


@pytest.fixture
def visit(client: Client, site_url: str) -> Callable[[str], None]:
    """Open a page of the site by its path."""
    return lambda path: client.open(site_url + path)


@pytest.fixture
def ana(ana: User) -> User:
    ana.set_password(PASSWORD)
    ana.save()
    return ana


@pytest.fixture
def viewer(client: Client, visit: Callable[[str], None], ana: User) -> User:
    """Return Ana, who has signed in with the client."""
    visit("/accounts/login/")
    client.sees("Username or email")
    client.fill("Username or email", "ana")
    client.fill("Password", PASSWORD)
    client.press("Sign in")
    client.sees("Activity")
    client.complaints = []
    return ana


@pytest.fixture
def confirmation_link(mailbox: Path) -> Callable[[str], str]:
    """Return the link in the mail to an address that this test has caused."""
    for mail in mailbox.iterdir():
        mail.unlink()

    def confirmation_link(address: str) -> str:
        def link() -> str | None:
            for path in mailbox.iterdir():
                mail = message_from_bytes(path.read_bytes(), policy=default)
                body = mail.get_body(["plain"])
                if body and mail["To"] == address:
                    found = re.search(r"http\S+/confirm-email/\S+", body.get_content())
                    return found and found.group()
            return None

        wait_for(f"the mail to {address}", link)
        return link() or ""

    return confirmation_link
