"""The check that compares docs/settings.md with the settings finds every difference."""

from tools.settings_table import PAGE, documented, problems

TABLE = """
| name | default | what |
|---|---|---|
| `THREADS` | `8` | Requests. |
| `SECRET_KEY` | none | A key, such as `x`. |
"""


def test_rows_are_read_with_their_defaults() -> None:
    assert documented(TABLE) == {"THREADS": "8", "SECRET_KEY": ""}


def test_a_table_that_fits_has_no_problems() -> None:
    assert problems({"THREADS": "8"}, {"THREADS": "8"}) == []


def test_missing_rows_unknown_rows_and_other_defaults_are_named() -> None:
    found = problems({"THREADS": "8", "OLD": ""}, {"THREADS": "9", "NEW": ""})
    assert [sentence.startswith(PAGE) for sentence in found] == [True] * 3
    assert all(any(name in sentence for sentence in found) for name in ("THREADS", "OLD", "NEW"))
