"""docs/security.md names tests that there are."""

import re

from django.conf import settings

TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
PAGE = (settings.BASE_DIR / "docs/security.md").read_text()


def test_every_row_names_a_test() -> None:
    rows = re.findall(r"^\| \d+\..*$", PAGE, re.MULTILINE)
    assert rows
    assert [row for row in rows if not TEST.search(row)] == []


def test_every_test_that_is_named_is_there() -> None:
    missing = [
        (file, name)
        for file, name in TEST.findall(PAGE)
        if f"def {name}(" not in (settings.BASE_DIR / file).read_text()
    ]
    assert missing == []
