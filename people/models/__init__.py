"""Profiles, and the follow relation."""

from people.models.contact import Contact
from people.models.profile import Profile, photo_path

__all__ = ["Contact", "Profile", "photo_path"]
