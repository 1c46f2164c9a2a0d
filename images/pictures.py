"""Pictures that a form is about to save, once its person has seen who has them already."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from django.contrib.auth.models import User
from django.core import signing

from images.doubles import Double, double_of_file
from images.files import ImageFile
from images.models import Image
from stream.record import DeletedError

# Seconds for which a form keeps the pictures that it asks about. Unused files stay for longer.
MAX_AGE = 3600
# Pictures about which a form may ask. Those sent one after another are asked about together.
MAX_KEPT = 50


@dataclass
class NewPicture:
    """A stored picture, with what is known of it besides what was typed."""

    user: User
    file: ImageFile
    # Fields in which it differs from what was typed, and those that count where nothing was.
    facts: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    # The address in the form from which it comes, if it is no upload.
    address: str = ""

    @cached_property
    def double(self) -> Double | None:
        return double_of_file(self.user, self.file)

    @property
    def token(self) -> str:
        """What a form sends to have the picture again. It is signed."""
        kept = [self.file.pk, self.facts, self.defaults, self.address]
        return signing.dumps(kept, salt=_salt(self.user))

    @classmethod
    def from_token(cls, user: User, token: str) -> Self | None:
        """Return the picture, unless it has expired."""
        try:
            pk, *rest = signing.loads(token, salt=_salt(user), max_age=MAX_AGE)
        except signing.BadSignature:
            return None
        file = ImageFile.objects.filter(pk=pk).first()
        return cls(user, file, *rest) if file and file.is_stored else None

    @classmethod
    def from_tokens(cls, user: User, tokens: list[str]) -> list[Self]:
        """Return the pictures that have not expired."""
        pictures = (cls.from_token(user, token) for token in tokens[:MAX_KEPT])
        return [picture for picture in pictures if picture]

    def needs_question(self, known: list[str], **fields: str) -> bool:
        """Whether a double exists that is neither known nor of the same press of Save."""
        if not self.double or self.double.key in known:
            return False
        return not Image.objects.same_press(self.user, self.file, **fields).exists()

    def save(self, with_credit: list[str], **fields: str) -> Image:
        """Save it, or else the image to whose owner it gives credit."""
        other = self.double and self.double.other
        if other and self._has_credit(other, with_credit):
            try:
                return other.save_again(self.user, **fields)
            except DeletedError:
                # The image is gone, but not what was to be saved.
                pass
        return Image.objects.bookmark(self.user, self.file, **fields)

    def _has_credit(self, other: Image, with_credit: list[str]) -> bool:
        """Whether credit was given for this picture. Several may look like one image."""
        digests = self.file.digest, *self.file.received.values_list("digest", flat=True)
        return any(f"{other.pk}-{digest}" in with_credit for digest in digests)


def _salt(user: User) -> str:
    return f"picture of {user.pk}"
