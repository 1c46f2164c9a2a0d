"""A second database is used only if DATABASE_REPLICA_URL names one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

type Load = Callable[..., dict[str, Any]]
PRIMARY, REPLICA = "postgres://magpie:shiny@one/site", "postgres://magpie:shiny@two:5433/site"
MIDDLEWARE = "web.replica.ReplicaMiddleware"


@pytest.mark.parametrize("url", ["", PRIMARY])
def test_without_a_replica_nothing_asks_for_one(load_settings: Load, url: str) -> None:
    settings = load_settings(DATABASE_URL=url)
    assert list(settings["DATABASES"]) == ["default"]
    assert "DATABASE_ROUTERS" not in settings
    assert MIDDLEWARE not in settings["MIDDLEWARE"]


def test_a_replica_has_a_pool_of_its_own(load_settings: Load) -> None:
    settings = load_settings(DATABASE_URL=PRIMARY, DATABASE_REPLICA_URL=REPLICA)
    primary, replica = (settings["DATABASES"][name] for name in ("default", "replica"))
    assert (replica["HOST"], replica["PORT"]) == ("two", 5433)
    assert replica["OPTIONS"]["pool"] is not primary["OPTIONS"]["pool"]
    assert primary["TEST"] == {"NAME": "test_site"}
    assert settings["MIDDLEWARE"].count(MIDDLEWARE) == 1


def test_an_address_may_name_several_hosts(load_settings: Load) -> None:
    hosts = "postgres://magpie:shiny@one:5432,two:5433/site?target_session_attrs="
    settings = load_settings(
        DATABASE_URL=f"{hosts}read-write", DATABASE_REPLICA_URL=f"{hosts}prefer-standby"
    )
    for name, wanted in {"default": "read-write", "replica": "prefer-standby"}.items():
        database = settings["DATABASES"][name]
        assert (database["HOST"], database["PORT"]) == ("one,two", "5432,5433")
        assert database["OPTIONS"]["target_session_attrs"] == wanted


def test_a_replica_cannot_be_sqlite(load_settings: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_REPLICA_URL"):
        load_settings(DATABASE_URL=PRIMARY, DATABASE_REPLICA_URL="sqlite:////db.sqlite3")


def test_over_https_the_cookie_is_bound_to_the_host(load_settings: Load) -> None:
    settings = load_settings(SITE_URL="https://magpie.example")
    assert settings["POSITION_COOKIE_NAME"].startswith("__Host-")
