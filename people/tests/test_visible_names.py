"""Which characters names may have."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    "name",
    [
        *("Ana \U0001fae9", "\U0001fae9", "\U0001fac6\U0001fabe\U0001fadc", "Ana \U0001fadf\ufe0f"),
        *(SCOTLAND, f"Ana {SCOTLAND}", f"{SCOTLAND}{SCOTLAND}", "\U0001f1e8\U0001f1f6"),
        *("\U0001f9d1\u200d\U0001f9bd\u200d\u27a1\ufe0f", "\U0001faf1\U0001f3fb", "1\ufe0f\u20e3"),
    ],
)
def test_emoji_and_flags_are_visible(as_ana: Client, ana: User, name: str) -> None:
    assert as_ana.post("/profile/", {"first_name": name}).status_code == 303
    ana.refresh_from_db()
    assert ana.first_name == name


@pytest.mark.parametrize(
    "name",
    [
        *("\U000e0067", "Ana\U000e0067\U000e007f", f"Ana {SCOTLAND}\U000e0067", SCOTLAND[:-1]),
        *("\U0001f3f4\U000e007f", f"\U0001f3f4{SCOTLAND[1:-1] * 3}\U000e007f", "\U000e0fff"),
        *("\u0378", "Ana\u202e", "\u200f Ana", "An\u200ea", "\ufeff"),
    ],
)
def test_invisible_characters_are_refused(as_ana: Client, ana: User, name: str) -> None:
    assert as_ana.post("/profile/", {"first_name": name}).status_code == 422


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c", " \u200f ", "\u200e\u200e"])
def test_a_direction_mark_at_the_end_is_left_out(as_ana: Client, ana: User, mark: str) -> None:
    names = {"first_name": f"Ana{mark}", "last_name": f"سیلوا{mark}"}
    assert as_ana.post("/profile/", names).status_code == 303
    ana.refresh_from_db()
    assert (ana.first_name, ana.last_name) == ("Ana", "سیلوا")
