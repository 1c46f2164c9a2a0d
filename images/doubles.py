"""Find out who has a picture already, before it is saved once more."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User

from images.files import ImageFile
from images.hash_parts import HashPart
from images.models import Image
from images.perceptual_hash import hash_of_pixels
from imaging.pixels import Pixels

# At most so many images of a file are read, and so many similar files.
MAX_IMAGES, MAX_SIMILAR = 100, 3


@dataclass(frozen=True)
class Double:
    """Images of the same file as a new picture, or of one that looks like it."""

    file: ImageFile
    is_exact: bool
    # The viewer's latest, and the first by somebody else.
    own: Image | None
    other: Image | None
    # How many people have it besides the viewer and the owner of `other`.
    others: int
    has_more: bool

    @property
    def key(self) -> str:
        """What a form sends back once its viewer knows of this."""
        return self.file.digest


def double_of(user: User, digest: str, pixels: Pixels) -> Double | None:
    """Return the images of a picture, given the digest of its bytes and its pixels."""
    file = ImageFile.objects.with_digest(digest)
    if file and (exact := _double(user, file, is_exact=True)):
        return exact
    return next(_similar(user, hash_of_pixels(pixels)), None)


def double_of_file(user: User, file: ImageFile) -> Double | None:
    """Return the images of a stored file, or else those that look like it."""
    exact = _double(user, file, is_exact=True)
    return exact or next(_similar(user, file.perceptual_hash or ""), None)


def _similar(user: User, digits: str) -> Iterator[Double]:
    keys = HashPart.objects.similar(digits)[:MAX_SIMILAR]
    files = ImageFile.objects.in_bulk(keys)
    for key in keys:
        # It may be deleted meanwhile.
        if (file := files.get(key)) and (double := _double(user, file, is_exact=False)):
            yield double


def _double(user: User, file: ImageFile, is_exact: bool) -> Double | None:
    own = user.images_created.filter(file=file).order_by("-pk").first()
    images = Image.objects.visible().filter(file=file).with_people().order_by("pk")[:MAX_IMAGES]
    others = [image for image in images if image.user_id != user.pk]
    if not own and not others:
        return None
    people = {image.user_id for image in others}
    number = max(len(people) - 1, 0)
    other = others[0] if others else None
    return Double(file, is_exact, own, other, number, len(images) == MAX_IMAGES)
