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
    visit("/settings/")
    client.sees("First name")
    client.fill("First name", "Anna")
    client.upload("Photo", file, "Save profile")
    client.sees("Your profile is saved.", "Anna Silva")
    viewer.profile.refresh_from_db()
    assert viewer.profile.photo


def test_following_and_unfollowing(
    client: Client, visit: Callable[[str], None], viewer: User, ben: User
) -> None:
    visit("/people/")
    client.sees_in_order("Ben Okafor", "@ben", "0 followers", "Follow", "Ana Silva", "This is you")
    client.press("Follow Ben Okafor")
    client.sees_button("Unfollow Ben Okafor")
    client.sees_in_order("Ben Okafor", "1 follower", "Ana Silva", "0 followers")
    assert Contact.objects.get().user_to == ben
    client.press("Unfollow Ben Okafor")
    client.sees_button("Follow Ben Okafor")
    client.sees_in_order("Ben Okafor", "0 followers", "Ana Silva")
    assert not Contact.objects.exists()
