"""A page renders the same templates for many rows as for one, and at most three for a row."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client

from images.models import Image
from testing.paths import LIST_PATHS

pytestmark = pytest.mark.django_db
# The controls of a row, and what an entry of a feed says.
OF_ROWS = ("count", "follow", "like", "save", "stream/entries/", "images/_thumbnail")
# The page, its header, menu, footer and lists. Each component is recorded twice.
SHELL = 20


def rendered(client: Client, path: str) -> tuple[Counter[str], int]:
    """Return how often each template and partial is rendered, and the number of rows."""
    response = client.get(path, follow=True)
    assert response.status_code == 200
    names = Counter(str(template.name) for template in response.templates)
    # Entries of a feed have rows of their own.
    rows = re.findall(
        r'<article|<div class="image-card"|"people-row__person"|width="80"', response.text
    )
    return names, len(rows)


def shell_of(names: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in names.items() if not name.startswith(OF_ROWS)}


def test_a_page_renders_at_most_three_templates_for_each_row(
    as_ana: Client, image: Image, add_rows: Callable[[int], None]
) -> None:
    paths = [path.format(image=image.pk) for path in LIST_PATHS]
    add_rows(1)
    ones = [rendered(as_ana, path)[0] for path in paths]
    add_rows(19)
    for path, one in zip(paths, ones, strict=True):
        twenty, rows = rendered(as_ana, path)
        shell = shell_of(twenty)
        assert shell == shell_of(one), path
        assert sum(shell.values()) <= SHELL, path
        # The person or the image of a page has controls, too.
        assert sum(twenty.values()) <= SHELL + 3 * (rows + 1), path
