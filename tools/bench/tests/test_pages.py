"""The pages of two checkouts are measured side by side."""

import pytest
from django.template import Engine

from tools.bench import bare, pages


def test_each_page_is_printed_for_both_checkouts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pages, "ROUNDS", 2)
    monkeypatch.setattr(pages, "REQUESTS", 1)
    pages.measure(beside=pages.ROOT)
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in capsys.readouterr().out.splitlines()
        if line.startswith("|")
    ]
    items = {"gallery": "18", "people": "24", "feed": "10", "profile": "12", "image": "12"}
    for name in pages.PAGES:
        ours, theirs, ratio = (row for row in rows if row[0] == name)
        assert ours[1] == theirs[1] == items.get(name, "–")
        # Both are the same code. Bytes may differ by a digit in "2 minutes ago".
        assert ours[8] == theirs[8]
        assert (ratio[3], ratio[5]) == ("1.00", "1.00")


@pytest.mark.parametrize("name", sorted({*pages.PAGES.values()} - {""}))
def test_a_bare_template_shows_each_item(name: str) -> None:
    template = Engine([bare.TEMPLATES], string_if_invalid="missing").get_template(name)
    html = bare.render(template, [bare.item(number) for number in (1, 2, 3)])
    assert "missing" not in html
    assert html.count("<li") == 3
