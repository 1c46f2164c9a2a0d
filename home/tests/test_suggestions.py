"""Suggestions of people to follow."""

import pytest
from django.contrib.auth.models import User

from home.suggestions import people_to_suggest
from people.models import Contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(db: None) -> User:
    return User.objects.create_user("dora")


def suggested(viewer: User, count: int = 6) -> list[str]:
    return [str(profile.user) for profile in people_to_suggest(viewer, count)]


def test_people_with_more_followers_are_suggested_before_newer_people(
    ana: User, ben: User, cleo: User, dora: User
) -> None:
    Contact.objects.follow(cleo, ben)
    Contact.objects.follow(dora, ben)
    Contact.objects.follow(ben, dora)
    assert suggested(ana, 1) == ["ben"]


def test_people_are_not_suggested_to_themselves(ana: User, ben: User, cleo: User) -> None:
    Contact.objects.follow(cleo, ana)
    Contact.objects.follow(cleo, ben)
    assert suggested(ana) == ["ben"]


def test_inactive_people_are_not_suggested(ana: User, ben: User, cleo: User, dora: User) -> None:
    Contact.objects.follow(cleo, ben)
    Contact.objects.follow(ben, cleo)
    Contact.objects.follow(dora, cleo)
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    assert suggested(ana, 1) == ["ben"]
