"""The forms of pages, as browsers find them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode


@dataclass(frozen=True)
class PageForm:
    """Where a form leads, by which method, and what is sent of its fields if nobody types."""

    url: str
    method: str
    fields: tuple[tuple[str, str], ...]

    @property
    def kind(self) -> tuple[str, ...]:
        """What forms share that are for different objects, such as the buttons of a list."""
        return re.sub(r"\d+", "0", self.url), self.method, *sorted(self.filled)

    @property
    def filled(self) -> dict[str, str]:
        return dict(self.fields)

    def with_text(self, name: str, text: str) -> dict[str, str]:
        """Return what is sent with `text` in the field `name`."""
        return self.filled | {name: text}


def forms_of(page: str, url: str) -> Iterator[PageForm]:
    """Yield the forms of a page, which is at `url`."""
    for form in LexborHTMLParser(page).css("form"):
        named = form.css("input[name], select[name], textarea[name], button[name]")
        yield PageForm(
            url=urljoin(url, form.attributes.get("action") or url),
            method=(form.attributes.get("method") or "get").upper(),
            fields=tuple((field.attributes["name"] or "", _value(field)) for field in named),
        )


def _value(field: LexborNode) -> str:
    if field.tag == "textarea":
        return field.text()
    if field.tag == "select":
        options = [option.attributes.get("value") or "" for option in field.css("option")]
        # The first says that nothing is chosen.
        return options[-1] if options else ""
    return field.attributes.get("value") or ""
