"""What can be wrong with the rows and the files of a site, and how each is mended."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import Error, models, transaction
from django.db.models import Exists, OuterRef
from easy_thumbnails.exceptions import EasyThumbnailsError

from images.models import Image
from ops.databases import database, file_fields, file_names
from ops.media import files, is_of, original, root
from people.models import Profile
from people.photos import ThumbnailedFile
from stream.models import Action
from stream.record import lock_model

# Who is uploading has no row yet.
OLD_ENOUGH = 60 * 60


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and what mends it, if anything does."""

    what: str
    mend: Callable[[], object] | None = None

    def mended(self) -> bool:
        """Mend it, and say whether that worked."""
        try:
            return bool(self.mend and self.mend())
        except (EasyThumbnailsError, Error, OSError, ValidationError):
            return False


def damage() -> Iterator[Fault]:
    """Find what the database's own checks complain of; only a backup can bring it back."""
    yield from map(Fault, database().damage())


def named() -> set[str]:
    with database().frozen() as reader:
        return file_names(reader)


def files_without_rows() -> Iterator[Fault]:
    """Find files that no row names, nor their original, and that nobody is uploading."""
    # Also those that a server which was killed had not put into their place yet.
    found = {*files(root()), *(path.name for path in root().glob(".incoming-*"))}
    # After the files, so that none which came in between looks as if it had no row.
    names = named()
    for name in sorted(found):
        if not is_of(name, names) and is_old(name):
            yield Fault(name, partial(discard, name))


def is_old(name: str) -> bool:
    try:
        return (root() / name).stat().st_mtime < time.time() - OLD_ENOUGH
    except FileNotFoundError:
        return False


@transaction.atomic
def discard(name: str) -> bool:
    """Delete a file, unless a row names it by now."""
    lock_model(Image)
    candidates = [name, original(name)]
    for field in file_fields():
        if field.model._default_manager.filter(**{f"{field.name}__in": candidates}).exists():
            return False
    (root() / name).unlink(missing_ok=True)
    return True


def images_without_files() -> Iterator[Fault]:
    """Find images whose file is lost; only a backup can bring it back."""
    for image in Image.objects.order_by("pk").iterator():
        if is_gone(image):
            yield Fault(f"image {image.pk}: {image.image.name}")


def photos_without_files() -> Iterator[Fault]:
    """Find photos whose file is lost; the person is shown without one."""
    for profile in Profile.objects.exclude(photo="").order_by("pk").iterator():
        if not default_storage.exists(profile.photo.name):
            same = Profile.objects.filter(pk=profile.pk, photo=profile.photo.name)
            yield Fault(f"profile {profile.pk}: {profile.photo.name}", clear(same))


def clear(profiles: models.QuerySet[Profile]) -> Callable[[], int]:
    return lambda: profiles.update(photo="")


def is_gone(image: Image) -> bool:
    """Say whether the file of an image is not there, and does not come in a moment."""
    if default_storage.exists(image.image.name):
        return False
    # Who bookmarks what another deletes just then writes it again.
    time.sleep(0.1)
    still = Image.objects.filter(pk=image.pk).exists()
    return still and not default_storage.exists(image.image.name)


def missing_thumbnails() -> Iterator[Fault]:
    """Find thumbnails that a page shows and that are not there, of files that are."""
    names = set(files(root()))
    for file in thumbnailed():
        for alias in file.shown if file.name in names else ():
            name = file.thumbnail_name(alias)
            if name not in names and not default_storage.exists(name):
                yield Fault(name, partial(file.__getitem__, alias))


def thumbnailed() -> Iterator[ThumbnailedFile]:
    fields = ("image", "width", "height")
    for image in Image.objects.order_by("image").values(*fields).distinct().iterator():
        yield Image(**image).image
    for profile in Profile.objects.exclude(photo="").order_by("pk").iterator():
        yield profile.photo


def users_without_profile() -> Iterator[Fault]:
    """Find users for whom no page can be shown, such as those made in bulk."""
    for user in User.objects.filter(profile=None).order_by("pk").iterator():
        # Saving makes the profile.
        yield Fault(f"user {user.pk}", partial(save, user))


def save(user: User) -> bool:
    with transaction.atomic():
        user.save(update_fields=["last_login"])
    return Profile.objects.filter(user=user).exists()


def actions_without_target() -> Iterator[Fault]:
    """Find actions whose target is deleted; those of an app that is gone stay, as it may return."""
    types = Action.objects.order_by().values("target_ct").distinct()
    for content_type in ContentType.objects.filter(pk__in=types):
        if model := content_type.model_class():
            target = model._base_manager.filter(pk=OuterRef("target_id"))
            for action in Action.objects.filter(~Exists(target), target_ct=content_type):
                yield Fault(f"action {action.pk}: {action.verb}", action.delete)


CHECKS: dict[str, Callable[[], Iterator[Fault]]] = {
    "database damage": damage,
    "files without rows": files_without_rows,
    "images without files": images_without_files,
    "photos without files": photos_without_files,
    "missing thumbnails": missing_thumbnails,
    "users without profile": users_without_profile,
    "actions without target": actions_without_target,
}
