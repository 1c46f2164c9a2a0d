"""The home feed, page by page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stream.models import Action
from stream.record import create_action
from stream.tests.feed import HTMX, START, encode, entries, older, record


def to_the_end(client: Client, headers: dict[str, str] | None = None) -> list[list[int]]:
    url, pages = "/stream/", []
    while url:
        html = client.get(url, headers=headers).text
        pages.append(entries(html))
        url = older(html)
    return pages


@pytest.mark.parametrize("headers", [None, HTMX])
def test_it_is_paged_ten_by_ten_to_its_end(
    as_ana: Client, ben: User, headers: dict[str, str] | None
) -> None:
    keys = record(ben, 25)
    assert to_the_end(as_ana, headers) == [keys[:10], keys[10:20], keys[20:]]


def test_the_last_page_says_that_it_is_the_end(as_ana: Client, ben: User) -> None:
    record(ben, 10)
    html = as_ana.get("/stream/").text
    assert "You have reached the beginning." in html
    assert "Older activity" not in html.replace('aria-label="Older activity"', "")


def test_htmx_gets_older_entries_and_the_next_link_alone(as_ana: Client, ben: User) -> None:
    record(ben, 30)
    first = as_ana.get("/stream/", headers=HTMX).text
    assert first.lstrip().startswith('<div class="feed" id="feed">')
    html = as_ana.get(older(first), headers=HTMX).text
    assert 'id="feed"' not in html
    assert 'id="entries-more"' in html
    assert 'hx-swap-oob="true"' in html


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(0, 3), max_size=35), st.lists(st.booleans(), max_size=8))
def test_paging_shows_what_stands_throughout_once_though_others_write_and_delete(
    as_ana: Client, ben: User, cleo: User, minutes: list[int], events: list[bool]
) -> None:
    Action.objects.all().delete()
    keys = record(ben, len(minutes))
    # Many at the same instant, which paging must tell apart by their keys.
    for key, minute in zip(keys, minutes, strict=True):
        Action.objects.filter(pk=key).update(created=START + timedelta(minutes=minute))
    url, seen, deleted = "/stream/", [], set()
    todo = iter(events)
    while url:
        html = as_ana.get(url).text
        seen += entries(html)
        url = older(html)
        match next(todo, None):
            case True:
                create_action(cleo, f"wrote at {len(seen)}")
            case False if keys:
                deleted.add(keys[len(seen) % len(keys)])
                Action.objects.filter(pk__in=deleted).delete()
    assert len(seen) == len(set(seen))
    assert set(keys) - deleted <= set(seen)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "1",
        "WzFd",
        "WyIyMDI2LTAxLTAxIiwgMV0=",
        "WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwgMV0=",
        "\0",
        "' or 1",
    ],
)
def test_a_cursor_that_is_none_is_refused(as_ana: Client, cursor: str) -> None:
    response = as_ana.get("/stream/", {"before": cursor})
    assert response.status_code == 400
    assert "We did not understand that" in response.text


@given(
    created=st.datetimes(timezones=st.timezones()).map(str) | st.text() | st.none(),
    key=st.integers() | st.floats() | st.none() | st.text(),
    offset=st.sampled_from(["", "+14:00", "-14:00"]),
)
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example("0001-01-01T00:00:00", 1, "+14:00")
@example("9999-12-31T23:59:59", 1, "-14:00")
def test_no_cursor_breaks_the_page(
    as_ana: Client, created: str | None, key: object, offset: str
) -> None:
    cursor = encode([created and created + offset, key])
    assert as_ana.get("/stream/", {"before": cursor}).status_code in {200, 400}
