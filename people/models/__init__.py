"""Profiles, and the follow relation."""

from people.models.contact import Contact
from people.models.dismissal import Dismissal
from people.models.profile import Profile, photo_path

__all__ = ["Contact", "Dismissal", "Profile", "photo_path"]
