"""Fixtures for saving images, from a local web server and from a simulated network."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import certifi
import pytest
import trustme
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from images.fetching import connections
from testing.network import CONNECT_GUARD, PUBLIC_IP, PUBLIC_IPV6, Network


@pytest.fixture
def save(as_ana: Client) -> Callable[..., Any]:
    """Submit the form that saves an image as Ana. An `upload` is given as bytes."""

    def save(upload: bytes = b"", **fields: str) -> Any:
        data: dict[str, Any] = {"title": "A bird", **fields}
        if upload:
            data["upload"] = SimpleUploadedFile("x.exe", upload)
        return as_ana.post("/images/add/", data)

    return save


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def trusted(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("certificates") / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(scope="session")
def contexts(authority: trustme.CA) -> dict[str, ssl.SSLContext]:
    """The server's certificates: the valid one for `""`, and invalid ones by their host name."""
    year = [datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)]
    names = ["site.test", "*.site.test", "open.test", "xn--bcher-kva.test", PUBLIC_IP, PUBLIC_IPV6]
    intermediate = authority.create_child_ca()
    certificates = {
        "": authority.issue_cert(*names),
        "expired.test": authority.issue_cert("expired.test", not_before=year[0], not_after=year[1]),
        "stranger.test": trustme.CA().issue_cert("stranger.test"),
        "incomplete.test": intermediate.issue_cert("incomplete.test"),
    }
    contexts = {}
    for name, certificate in certificates.items():
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # Without certificates of intermediate authorities.
        with (
            certificate.private_key_pem.tempfile() as key,
            certificate.cert_chain_pems[0].tempfile() as own,
        ):
            contexts[name].load_cert_chain(own, key)
    return contexts


@pytest.fixture
def network(
    contexts: dict[str, ssl.SSLContext], trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Network]:
    network = Network(contexts)
    monkeypatch.setattr(connections, "getaddrinfo", network.names)
    monkeypatch.setattr(connections, "create_connection", network.connect)
    monkeypatch.setattr(certifi, "where", lambda: str(trusted))
    monkeypatch.setattr(CONNECT_GUARD, "is_active", True)
    connections.tls_context.cache_clear()
    yield network
    network.close()
    connections.tls_context.cache_clear()
