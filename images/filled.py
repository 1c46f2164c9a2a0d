"""Fields of a form that were filled with what a page says, for as long as nobody changes them."""

from collections.abc import Mapping

from django.http import QueryDict

FIELDS = ("title", "alt", "description", "page_url", "credit")


def was_filled(data: Mapping[str, str], name: str) -> bool:
    """Whether a field still has what a page said."""
    return bool(data.get(name)) and data[name] == data.get(f"filled_{name}")


def without_filled(data: QueryDict) -> QueryDict:
    """Return the data of a form without what a page said."""
    typed = data.copy()
    for name in FIELDS:
        if was_filled(data, name):
            typed[name] = ""
    return typed


def suggestions(data: QueryDict, suggested: Mapping[str, str]) -> dict[str, str]:
    """Return what to fill the fields with: what the page says, or what came with its address."""
    if not any(suggested.values()) and data.get("filled_for") == data.get("url"):
        return {name: data.get(f"filled_{name}", "") for name in FIELDS}
    return {name: suggested.get(name, "") for name in FIELDS}
