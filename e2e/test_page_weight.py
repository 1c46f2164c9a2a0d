"""The first visit and later pages stay within limits of bytes and requests."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from images.models import Image
from people.models import Contact
from tools.audit.page_weight import KB, NetworkLog, Request, over_budget, unexpected_requests

pytestmark = scripts_on


@pytest.fixture
def dashboard(
    page: Page,
    viewer: User,
    person: Callable[..., User],
    bookmark: Callable[..., Image],
) -> list[Request]:
    """Open the dashboard with ten entries by people without photos, and return the requests."""
    for number in range(10):
        friend = person(f"person{number}", last_name="Anderson")
        Contact.objects.follow(viewer, friend)
        for title in ("A bird on a branch", "A nest in a tree", "Clouds above the sea"):
            bookmark(friend, title)
    log = NetworkLog(page)
    page.goto("/")
    expect(page.locator("#feed article")).to_have_count(10)
    return log.finished_requests()


def listing(requests: list[Request]) -> str:
    return "\n".join(["", *map(str, requests)])


def static(requests: list[Request]) -> set[str]:
    return {request.path for request in requests if request.path.startswith("/static/")}


def test_the_first_visit_is_within_its_budget(dashboard: list[Request]) -> None:
    assert over_budget(dashboard) == [], listing(dashboard)


def test_the_page_that_saves_images_loads_one_more_script(
    page: Page, dashboard: list[Request]
) -> None:
    log = NetworkLog(page)
    page.goto("/images/add/")
    scripts = [request for request in log.finished_requests() if request.kind == "Script"]
    assert len(scripts) == 1, listing(scripts)
    assert (scripts[0].size or 0) < 4 * KB, listing(scripts)


def test_later_pages_load_only_html_and_images(page: Page, dashboard: list[Request]) -> None:
    log = NetworkLog(page)
    cached = static(dashboard)
    for name in ("People", "Images"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        requests = log.finished_requests()
        assert unexpected_requests(requests) == []
        assert [request.kind for request in requests].count("Document") == 1, listing(requests)
        assert not static(requests) & cached
        cached |= static(requests)


def test_static_files_are_compressed_in_advance_and_cached_forever(
    dashboard: list[Request],
) -> None:
    files = [request for request in dashboard if request.path.startswith("/static/")]
    assert {request.kind for request in files} == {"Stylesheet", "Script", "Image"}
    for request in files:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", request.path)
        assert "immutable" in request.headers["cache-control"], request
        assert request.headers["content-encoding"] == "br", request


def test_html_is_compressed(dashboard: list[Request]) -> None:
    html = [request for request in dashboard if request.kind in {"Document", "XHR"}]
    assert [request.path for request in html] == ["/", "/stream/"]
    assert {request.headers["content-encoding"] for request in html} == {"gzip"}
