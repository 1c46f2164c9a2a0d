"""The growth table visits what it says, in two towns."""

from pathlib import Path
from time import process_time
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import User
from django.db import connection

from images.models import Image, Like
from people.models import Contact
from tools.bench import databases, growth, visitor
from tools.bench.town import FAMOUS, FAMOUS_IMAGE, ORDINARY, ORDINARY_IMAGE, Town
from tools.bench.visitor import Visitor
from tools.bench.visits import VIEWER, Visit, visits
from tools.bench.worker import Worker

NAMED = {visit.name: visit for visit in visits()}
# Something that a page shows and others do not.
SHOWN = {
    "gallery": "More images",
    "people": "More people",
    "likes of the famous image": "Famous image",
    "likes of the famous image, page 50": "person-card",
    "profile of the famous person": "@famous",
    "followers of the famous person, page 50": "person-card",
    "page of an ordinary image": "Ordinary image",
    "followers of an ordinary person": "Person 6",
    "first feed of a newcomer, with suggestions": 'id="suggestions"',
    "suggestions with images": "suggestions__images",
    "feed of a viewer who follows 150": "Older activity",
    "admin: users, search for ordinary": "ordinary@example.org",
    "admin: profiles, search for ordinary": "ordinary",
    "admin: email addresses, search for ordinary": "ordinary@example.org",
    "admin: images, search for ordinary": "Ordinary image",
    "admin: contacts, search for famous": "famous",
    "admin: actions, search for likes": "likes",
    "admin: question before deleting the famous person": "Contacts: ",
    "admin: question before deleting the famous image": "Likes: ",
}


def test_each_visit_is_answered(small_town: Town) -> None:
    visitor = Visitor()
    for visit in visits():
        near = visit._replace(page=min(visit.page, 2))
        answer = visitor.answer(near, 1)
        assert (len(answer["times"]), answer["page"]) == (1, near.page)


def test_a_visit_shows_what_its_name_says(small_town: Town) -> None:
    visitor = Visitor()
    for name, text in SHOWN.items():
        path, _ = visitor.place_of(NAMED[name])
        assert text in visitor.request(NAMED[name], path), name


def test_a_search_finds_something(small_town: Town) -> None:
    visitor = Visitor()
    for visit in visits():
        if "search" in visit.name:
            assert 'id="result_list"' in visitor.request(visit, visit.path), visit.name


def test_a_like_is_a_like_and_a_follow_is_a_follow(small_town: Town) -> None:
    visitor = Visitor()
    for name, image in ("the famous", FAMOUS_IMAGE), ("an ordinary", ORDINARY_IMAGE):
        likes = Like.objects.filter(image=image, user=VIEWER)
        visitor.milliseconds(NAMED[f"like {name} image"])
        assert likes.exists()
        visitor.milliseconds(NAMED[f"unlike {name} image"])
        assert not likes.exists()
    for name, person in ("the famous", FAMOUS), ("an ordinary", ORDINARY):
        contacts = Contact.objects.filter(user_from=VIEWER, user_to=person)
        visitor.milliseconds(NAMED[f"follow {name} person"])
        assert contacts.exists()
        visitor.milliseconds(NAMED[f"unfollow {name} person"])
        assert not contacts.exists()


def test_a_redirect_is_an_error(small_town: Town) -> None:
    visitor = Visitor()
    moved = Visit("a page that moved", f"/images/{FAMOUS_IMAGE}/")
    with pytest.raises(RuntimeError, match="302"):
        visitor.request(moved, moved.path)
    User.objects.filter(pk=VIEWER).update(is_active=False)
    feed = NAMED["feed of a viewer who follows 150"]
    with pytest.raises(RuntimeError, match="answered"):
        visitor.request(feed, feed.path)


def test_a_write_that_does_nothing_is_an_error(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "like", Image.unlike)
    with pytest.raises(RuntimeError, match="undo"):
        Visitor().milliseconds(NAMED["like the famous image"])


def test_each_visit_has_a_row_with_a_ratio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(databases, "FOLDER", tmp_path)
    monkeypatch.setattr(growth, "ROUNDS", 1)
    monkeypatch.setattr(growth, "REQUESTS", 1)
    names = ["gallery", "people, page 50", "admin: images", "like the famous image"]
    monkeypatch.setattr(growth, "visits", lambda: [NAMED[name] for name in names])
    growth.measure(0.002)
    lines = capsys.readouterr().out.splitlines()
    assert "SQLite, CPU ms: " in lines[2]
    rows = [line.split(" | ") for line in lines if line.startswith("|")][2:]
    assert [row[0].removeprefix("| ") for row in rows] == names
    for _, small, large, ratio in rows:
        expected = float(large.split()[0]) / float(small.split()[0])
        assert float(ratio.strip("*| ")) == pytest.approx(expected, abs=0.1)


def test_the_work_of_the_database_is_measured(transactional_db: None) -> None:
    unit, clock = visitor.unit_and_clock()
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)"
    ours, all_of_it = process_time(), clock()
    with connection.cursor() as cursor:
        cursor.execute(f"{numbers} SELECT count(*) FROM n")
        cursor.fetchone()
    ours, all_of_it = process_time() - ours, clock() - all_of_it
    assert unit == "CPU ms"
    assert all_of_it > 0.02
    assert connection.vendor == "sqlite" or all_of_it > 10 * ours


def test_the_work_of_another_machine_is_measured_by_the_clock_on_the_wall(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "a database that no process here has"
    if connection.vendor == "sqlite":
        # SQLite makes a file with this name.
        name = str(tmp_path / name)
    monkeypatch.setitem(connection.settings_dict, "NAME", name)
    unit, _ = visitor.unit_and_clock()
    assert unit == {"sqlite": "CPU ms", "postgresql": "wall ms"}[connection.vendor]


def test_a_ratio_above_two_is_marked() -> None:
    assert growth.cells_of(NAMED["gallery"], answers(10.0, 20.0)) == ["10.0", "20.0", "2.00"]
    assert growth.cells_of(NAMED["gallery"], answers(10.0, 21.0)) == ["10.0", "21.0", "**2.10**"]


def test_a_list_that_ends_earlier_says_so() -> None:
    later = NAMED["gallery, page 50"]
    cells = growth.cells_of(later, answers(10.0, 11.0, pages=(7, 50)))
    assert cells == ["10.0 (page 7)", "11.0", "1.10"]


def answers(*times: float, pages: tuple[int, int] = (1, 1)) -> list[Worker]:
    """Return workers that always answer the same."""
    return [
        Mock(Worker, ask=Mock(return_value={"times": [time], "page": page}))
        for time, page in zip(times, pages, strict=True)
    ]
