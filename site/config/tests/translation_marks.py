"""Marks around every translated text, which show the texts that are not translated."""

import re

import pytest
from django.utils.translation.trans_real import DjangoTranslation
from selectolax.lexbor import LexborHTMLParser

ATTRIBUTE = re.compile(r"alt|title|aria-label|placeholder|data-(?!djc|fills|link).*").fullmatch
# Names of people, images, languages and Magpie are not translated.
NAMES = re.compile(
    r"English|Deutsch|Ana Silva|Ben Okafor|@?\b(?:ana|ben|cleo|admin|person\d+)\b|A bird|Magpie|UTC"
    r"|\w+@example\.org|example\.org|https?://\S+"
)
LETTER = re.compile(r"[^\W\d_]")


def add_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put marks around all translations during a test."""
    one, many = DjangoTranslation.gettext, DjangoTranslation.ngettext
    monkeypatch.setattr(DjangoTranslation, "gettext", lambda *args: f"«{one(*args)}»")
    monkeypatch.setattr(DjangoTranslation, "ngettext", lambda *args: f"«{many(*args)}»")


def outside(text: str) -> str:
    """Return the text outside of the marks, without names."""
    while "«" in text:
        text, changes = re.subn(r"«[^«»]*»", "", text)
        assert changes, text
    return NAMES.sub("", text)


def unmarked(html: str) -> list[str]:
    """Return the texts and attributes of a page that did not come from a catalogue."""
    page = LexborHTMLParser(html)
    assert page.root
    visible, texts = "", []
    for node in page.root.traverse(include_text=True):
        if node.tag == "-text":
            is_code = node.parent and node.parent.tag in {"script", "style", "textarea"}
            visible += "" if is_code else node.text_content or ""
        else:
            texts += [value or "" for name, value in node.attributes.items() if ATTRIBUTE(name)]
    lines = [line.strip() for text in (visible, *texts) for line in outside(text).splitlines()]
    return [line for line in lines if LETTER.search(line)]
