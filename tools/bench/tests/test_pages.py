"""The pages of two checkouts are measured side by side."""

from collections.abc import Callable
from contextlib import nullcontext

import pytest
from django.contrib.auth.models import User
from django.template import Engine
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from images.models import Image
from tools.bench import bare, pages


def test_each_page_is_printed_for_both_checkouts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pages, "ROUNDS", 2)
    monkeypatch.setattr(pages, "REQUESTS", 1)
    with pages.worker_for(pages.ROOT) as worker:
        monkeypatch.setattr(pages, "worker_for", lambda checkout: nullcontext(worker))
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


@pytest.mark.django_db
def test_a_bare_card_has_the_links_and_the_controls_of_a_card(
    as_ana: Client, ben: User, bookmark: Callable[..., Image]
) -> None:
    bookmark(ben, "A heron", url="https://www.example.org/photos/1")
    template = Engine([bare.TEMPLATES]).get_template("image_cards.html")
    html = as_ana.get("/images/").text, bare.render(template, [bare.item(1)])
    card, bare_card = map(LexborHTMLParser, html)
    for tag in ("a", "form", "button", "input", "img", "p", "bdi"):
        assert len(bare_card.css(f".image-card {tag}")) == len(card.css(f".image-card {tag}"))
