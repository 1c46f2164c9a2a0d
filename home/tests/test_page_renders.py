"""A page renders the same templates for twenty rows as for one, and at most two more for a row."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from home.tests.test_page_queries import PAGES, live
from images.models import Image
from people.models import Contact
from testing.people import create_users

pytestmark = pytest.mark.django_db
# The controls of a row, and what an entry of a feed says.
OF_ROWS = ("count", "follow", "like", "stream/entries/", "images/_thumbnail")
# The page, its header, menu, footer and lists. Each component is recorded twice.
SHELL = 20


def rendered(client: Client, path: str) -> tuple[Counter[str], int]:
    """Return how often each template and partial is rendered, and the number of rows."""
    response = client.get(path, follow=True)
    assert response.status_code == 200
    names = Counter(str(template.name) for template in response.templates)
    return names, response.text.count("<article")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_renders_at_most_two_templates_for_each_row(
    as_ana: Client, ana: User, ben: User, bookmark: Callable[..., Image], path: str
) -> None:
    image = bookmark(ben, title="A bird")
    Contact.objects.follow(ana, ben)
    people = create_users(20)
    path = path.format(image=image.pk)
    live(people[:1], ben, image, bookmark)
    one, _rows = rendered(as_ana, path)
    live(people[1:], ben, image, bookmark)
    twenty, rows = rendered(as_ana, path)
    shell = {name: count for name, count in twenty.items() if not name.startswith(OF_ROWS)}
    assert shell == {name: count for name, count in one.items() if not name.startswith(OF_ROWS)}
    assert sum(shell.values()) <= SHELL
    # The person or the image of a page has controls, too.
    assert sum(twenty.values()) <= SHELL + 2 * (rows + 1)
