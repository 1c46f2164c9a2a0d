"""Saving a new password. The rest of the user was loaded earlier, and may be out of date."""

from django.contrib.auth.models import User
from django.db import transaction

from stream.record import DeletedError, lock
from web.pages import not_found_if


class SetOnlyPassword:
    """A form of Django that saves only the new password of a user."""

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)  # type: ignore[misc]
        if commit:
            save_password(user)
        return user


def save_password(user: User) -> None:
    """Save the password of a person, and nothing else; 404 if they were deleted.

    Saving all fields would make a deleted person again, or undo a deactivation.
    """
    with not_found_if(DeletedError), transaction.atomic():
        lock(user)
        user.save(update_fields=["password"])
