"""Titles may have the characters that names may have."""

from collections.abc import Callable
from typing import Any

import pytest

from images.models import Image
from testing.image_files import image_file

SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("\U0001fae9", "\U0001fae9"),
        (SCOTLAND, SCOTLAND),
        ("A bird\u200f", "A bird"),
        ("A bird \u200e ", "A bird"),
    ],
)
def test_titles_follow_the_same_rules(save: Callable[..., Any], typed: str, title: str) -> None:
    assert save(image_file(), title=typed).status_code == 303
    assert Image.objects.get().title == title
