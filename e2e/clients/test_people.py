"""Editing a profile, and following."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from e2e.clients.client import Client
from people.models import Contact
from testing.image_files import image_file

pytestmark = pytest.mark.clients


def test_editing_a_profile_with_a_photo(
    client: Client, visit: Callable[[str], None], viewer: User, tmp_path: Path
) -> None:
    file = tmp_path / "face.png"
    file.write_bytes(image_file("orange", (300, 300), "PNG"))
    visit("/profile/")
    client.sees("First name")
    client.fill("First name", "Anna")
    has_files = "upload a file" not in client.cannot
    if has_files:
        client.choose_file("Photo", file)
    client.press("Save")
    client.sees("Your profile is saved.", "Anna Silva")
    viewer.profile.refresh_from_db()
    assert bool(viewer.profile.photo) == has_files


def test_following_and_unfollowing(
    client: Client, visit: Callable[[str], None], viewer: User, ben: User
) -> None:
    visit("/people/")
    client.press("Follow Ben Okafor")
    client.sees_button("Unfollow Ben Okafor")
    client.sees("1 follower")
    assert Contact.objects.get().user_to == ben
    client.press("Unfollow Ben Okafor")
    client.sees_button("Follow Ben Okafor")
    client.sees("0 followers")
    assert not Contact.objects.exists()
