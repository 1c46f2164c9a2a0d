"""The benchmark measures the feeds that it names."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import connection

from home.feeds import home_feed
from people.models import Contact
from stream.models import Action
from tools.bench import data, feed, tutorial

VIEWERS = {1: 5, 2: 60}


@pytest.fixture
def filled(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(data, "PEOPLE", 300)
    monkeypatch.setattr(data, "VIEWERS", VIEWERS)
    monkeypatch.setattr(feed, "VIEWERS", VIEWERS)
    monkeypatch.setattr(feed, "SECONDS", 0.01)
    data.fill(2000)
    tutorial.make_table()
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(tutorial.TutorialAction)


def test_the_data_have_the_requested_size(filled: None) -> None:
    assert Action.objects.count() == tutorial.TutorialAction._default_manager.count() == 2000
    for pk, followed in VIEWERS.items():
        assert Contact.objects.filter(user_from=pk).count() == followed
    assert not [action for action in Action.objects.all() if action.target is None]


def test_both_feeds_show_the_same_actions(filled: None) -> None:
    for pk in VIEWERS:
        viewer = User.objects.get(pk=pk)
        entries = home_feed(viewer).page("").rows
        ours = [action.pk for entry in entries for action in entry.actions]
        assert ours[:10] == [action.pk for action in tutorial.dashboard(viewer)]


def test_a_row_is_printed_for_each_viewer(filled: None, capsys: pytest.CaptureFixture[str]) -> None:
    feed.measure()
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert [row.split()[1] for row in rows[2:]] == [str(count) for count in VIEWERS.values()]
    assert "-" not in "".join(rows[2:])
