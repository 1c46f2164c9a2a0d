"""The daily quota: how many bytes of images a person may save in a day."""

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
    "This image would take you over your limit of %(megabytes)s MB a day. "
    "Try again tomorrow, or choose a smaller one."
)


def count(size: int) -> None:
    """Count bytes for the viewer of this request; ValidationError if they exceed the quota.

    A request that is refused as busy does not count, because it will be sent again.
    """
    viewer = admission.viewer_key()
    if not viewer:
        # Commands have no quota.
        return
    name, now = f"image bytes:{viewer}", time()
    refund = partial(RateLimit.objects.refund, name, size, seconds=DAY, at=now)
    total = RateLimit.objects.add(name, size, seconds=DAY, at=now)
    if total > settings.UPLOAD_MB_PER_DAY * MB:
        refund()
        raise ValidationError(USED_UP, params={"megabytes": settings.UPLOAD_MB_PER_DAY})
    admission.on_busy(refund)
