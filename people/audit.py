from collections.abc import Callable, Iterator
from functools import partial

from django.contrib.auth.models import User
from django.db import models, transaction

from imaging.thumbnails import ThumbnailedFile
from people.counts import StoredCount, settle
from people.deletion import call_off, finish
from people.models import Profile
from people.models.contact import FOLLOWERS, FOLLOWING
from people.wrong_counts import wrong_owners
from web.audit import Fault, check, each


@check("users without profile")
def users_without_profile() -> Iterator[Fault]:
    """Find users without a profile, such as those created in bulk; their pages cannot be shown."""
    for user in User.objects.filter(profile=None).order_by("pk").iterator():
        # Saving creates the profile.
        yield Fault(f"user {user.pk}", partial(_save, user))


@check("photos without files")
def photos_without_files() -> Iterator[Fault]:
    """Find photos whose file is lost; the person is shown without one."""
    for profile in _with_photo():
        if not profile.photo.storage.exists(profile.photo.name):
            same = Profile.objects.filter(pk=profile.pk, photo=profile.photo.name)
            yield Fault(f"profile {profile.pk}: {profile.photo.name}", _clear(same))


@check("missing photo thumbnails")
def missing_photo_thumbnails() -> Iterator[Fault]:
    for profile in _with_photo():
        yield from missing_thumbnails_of(profile.photo)


def missing_thumbnails_of(file: ThumbnailedFile) -> Iterator[Fault]:
    """Find missing thumbnails, unless the original is missing too."""
    original, *thumbnails = file.names
    present = file.storage.present([original, *thumbnails])
    if original in present:
        for name in thumbnails:
            if name not in present:
                yield Fault(name, partial(_make_thumbnails, file))


@check("uncounted follows")
def uncounted_follows() -> Iterator[Fault]:
    """Find people whose follows are counted though they are inactive, or the other way round."""
    yield from people_to_settle(FOLLOWERS, FOLLOWING)


@check("wrong follow counts")
def wrong_follow_counts() -> Iterator[Fault]:
    yield from wrong_counts(FOLLOWERS, FOLLOWING)


@check("unfinished deletions")
def unfinished_deletions() -> Iterator[Fault]:
    """Find people whose deletion began and was interrupted."""
    begun = Profile.objects.filter(deletion_began__isnull=False, user__is_active=False)
    for user in begun.order_by("user").values_list("user", flat=True):
        yield Fault(f"user {user}", partial(finish, user))


@check("marks of deletions that were called off")
def called_off_deletions() -> Iterator[Fault]:
    """Find people who were made active by another way than its verbs while being deleted."""
    begun = Profile.objects.filter(deletion_began__isnull=False, user__is_active=True)
    for user in begun.order_by("user").values_list("user", flat=True):
        yield Fault(f"user {user}", partial(call_off, user))


def people_to_settle(*counts: StoredCount) -> Iterator[Fault]:
    """Find people whose `is_active` was changed in another way than by its verbs."""
    for count in counts:
        for user in count.people_to_settle().iterator():
            yield Fault(f"user {user.pk}: {count.field}", partial(settle, user))


def wrong_counts(*counts: StoredCount) -> Iterator[Fault]:
    """Find stored counts that are not the number of their rows."""
    for count in counts:
        for owner in wrong_owners(count):
            what = f"{owner._meta.verbose_name} {owner.pk}: {count.field}"
            yield Fault(what, partial(count.recount, owner))


def _make_thumbnails(file: ThumbnailedFile) -> bool:
    file.make_thumbnails()
    return True


def _with_photo() -> Iterator[Profile]:
    return each(Profile.objects.exclude(photo="").only("photo"))


def _clear(profiles: models.QuerySet[Profile]) -> Callable[[], int]:
    return lambda: profiles.update(photo="")


def _save(user: User) -> bool:
    with transaction.atomic():
        user.save(update_fields=["last_login"])
    return Profile.objects.filter(user=user).exists()
