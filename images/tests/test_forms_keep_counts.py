"""A form that was read before a count changed does not write the old count."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client

from images.models import Image
from people.models import Contact, Profile
from testing.image_files import image_file

pytestmark = pytest.mark.django_db


def test_saving_an_image_keeps_a_newer_count(
    ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    old = bookmark(ana)
    Image.objects.get().like(ben)
    old.title = "Another bird"
    old.save()
    image = Image.objects.get()
    assert (image.title, image.slug, image.like_count) == ("Another bird", "another-bird", 1)


def test_the_form_of_an_image_keeps_a_count_that_changes_while_it_is_open(
    as_ana: Client,
    ana: User,
    ben: User,
    bookmark: Callable[..., Image],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    image = bookmark(ana)
    clean = Image.full_clean

    def like_and_clean(self: Image, *args: object, **kwargs: object) -> None:
        Image.objects.get().like(ben)
        clean(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Image, "full_clean", like_and_clean)
    as_ana.post(f"/images/{image.pk}/edit/", {"title": "Another bird"})
    saved = Image.objects.get()
    assert (saved.title, saved.like_count) == ("Another bird", 1)


def test_the_form_of_a_profile_keeps_counts_that_change_while_it_is_open(
    as_ana: Client, ana: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean = Profile.full_clean

    def follow_and_clean(self: Profile, *args: object, **kwargs: object) -> None:
        Contact.objects.follow(ana, ben)
        Contact.objects.follow(ben, ana)
        clean(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Profile, "full_clean", follow_and_clean)
    data = {"first_name": "Anna", "last_name": "Silva", "date_of_birth": "1990-02-03"}
    assert as_ana.post("/profile/", data).status_code == 303
    saved = Profile.objects.get(user=ana)
    assert str(saved.date_of_birth) == "1990-02-03"
    assert (saved.follower_count, saved.following_count) == (1, 1)


def test_a_profile_that_loaded_few_columns_keeps_the_others(ana: User, ben: User) -> None:
    ana.profile.photo.save("ana.webp", ContentFile(image_file("teal", (40, 30))))
    few = Profile.objects.as_cards().get(user=ana)
    Contact.objects.follow(ben, ana)
    few.save()
    saved = Profile.objects.get(user=ana)
    assert (saved.photo.name, saved.follower_count) == (ana.profile.photo.name, 1)
    assert saved.username_skeleton == ana.profile.username_skeleton


def test_saving_a_deleted_profile_does_not_create_it_again(ana: User) -> None:
    profile = ana.profile
    User.objects.all().delete()
    with pytest.raises(Profile.NotUpdated):
        profile.save()
