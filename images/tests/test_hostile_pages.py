"""Web pages that would keep a naive parser busy for minutes."""

import pytest

from images.fetching import web_page
from images.fetching.pictures import MAX_PICTURES
from images.fetching.tags import MAX_ATTRIBUTES, MAX_TAGS, Tag, read_tags
from images.fetching.web_page import MAX_PAGE_BYTES
from testing.hostile_pages import HOSTILE_PAGES
from tools.bench import hostile_pages


@pytest.mark.parametrize("name", HOSTILE_PAGES)
def test_a_hostile_page_is_read_with_little_work(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    tags: list[Tag] = []

    def read_and_keep(page: str) -> list[Tag]:
        assert len(page) <= MAX_PAGE_BYTES
        tags.extend(read_tags(page))
        return tags

    monkeypatch.setattr(web_page, "read_tags", read_and_keep)
    # Ten times what it takes, for slow machines.
    assert hostile_pages.seconds(HOSTILE_PAGES[name]) < 5
    assert len(tags) <= MAX_TAGS
    assert max((len(tag.attributes) for tag in tags), default=0) <= 2 * MAX_ATTRIBUTES


def test_a_page_of_images_has_a_limited_number_of_pictures() -> None:
    page = hostile_pages.read("".join(f"<img src={n}>" for n in range(150_000)))
    assert len(page.pictures) <= 2 * MAX_PICTURES
