from collections.abc import Iterator

import pytest
from django.db import connection

from tools.bench import data, feed, tutorial
from tools.bench.town import Town


@pytest.fixture
def small_town(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """Fill the database with a town of 188 people."""
    monkeypatch.setattr(feed, "SECONDS", 0.01)
    town = Town(0.002)
    data.fill(town)
    tutorial.make_table()
    yield town
    with connection.schema_editor() as editor:
        editor.delete_model(tutorial.TutorialAction)
