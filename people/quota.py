"""How many bytes of images a person may send in a day."""

from functools import partial
from time import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from imaging import admission
from web.limits import DAY
from web.models import RateLimit

MB = 1024 * 1024

USED_UP = _(
    "With this image you would send more than %(megabytes)s MB in one day. Send it tomorrow, "
    "or choose a smaller one."
)


def count(size: int) -> None:
    """Count bytes that this request's person sent; ValidationError if that is too much for a day.

    They do not count if the request is refused as busy, as it is then sent again.
    """
    person = admission.person()
    if not person:
        # A command.
        return
    name, now = f"image bytes:{person}", time()
    take_back = partial(RateLimit.objects.refund, name, size, seconds=DAY, at=now)
    total = RateLimit.objects.add(name, size, seconds=DAY, at=now)
    if total > settings.UPLOAD_MB_PER_DAY * MB:
        take_back()
        raise ValidationError(USED_UP, params={"megabytes": settings.UPLOAD_MB_PER_DAY})
    admission.if_busy(take_back)
