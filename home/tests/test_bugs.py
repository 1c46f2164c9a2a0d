"""A bug in a verb reaches the log as an error instead of answering 404."""

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.test import Client

from images.models import Image
from people.models import Contact, Profile
from stream.models import Action

ERRORS = [IntegrityError, Profile.DoesNotExist, Image.DoesNotExist]


@pytest.mark.parametrize("error", ERRORS)
def test_an_unexpected_error_while_following_is_raised(
    as_ana: Client, ben: User, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(**fields: object) -> None:
        raise error

    monkeypatch.setattr(Action.objects, "create", fail)
    with pytest.raises(error):
        as_ana.post("/people/ben/follow/", {"action": "follow"})
    assert not Contact.objects.exists()
