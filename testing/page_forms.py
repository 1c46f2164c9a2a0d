"""The forms on a page, as a browser sees them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode


@dataclass(frozen=True)
class PageForm:
    """A form: its address, its method, and the values that it sends if nothing is changed."""

    url: str
    method: str
    fields: tuple[tuple[str, str], ...]

    @property
    def kind(self) -> tuple[str, ...]:
        """Return a key that equal forms of different objects share, such as a list's buttons."""
        return re.sub(r"\d+", "0", self.url), self.method, *sorted(self.values)

    @property
    def values(self) -> dict[str, str]:
        return dict(self.fields)

    def with_text(self, name: str, text: str) -> dict[str, str]:
        """Return the values with `text` in the field `name`."""
        return self.values | {name: text}


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
        # The first option usually means no choice.
        return options[-1] if options else ""
    return field.attributes.get("value") or ""
