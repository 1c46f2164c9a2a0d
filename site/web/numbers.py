"""Numbers as pages show them."""

from django.utils.formats import number_format


def grouped(number: int) -> str:
    """Return a number with its digits grouped as in the current language."""
    # Looking up how to group takes 10 µs, and a page has dozens of small numbers.
    return number_format(number, force_grouping=True) if number > 999 else str(number)
