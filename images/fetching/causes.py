"""The reasons why an address cannot be fetched, in words for the viewer."""

from ssl import SSLCertVerificationError

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from images.sanitize import TOO_HEAVY
from imaging.errors import ImageError, Reason
from imaging.formats.kinds import kind_of
from imaging.jobs import MESSAGES

# Failures before a connection to a public address share one message, which reveals nothing about
# the server's own network.
UNREACHABLE = _("Magpie cannot load this address. Check it, or download the image and upload it.")
TOO_SLOW = _("This took longer than 10 seconds. Try again, or download the image and upload it.")
TOO_MANY_REDIRECTS = _(
    "This address redirects too many times. Open it in your browser and copy the final address."
)
INSECURE_REDIRECT = _(
    "This address redirects to one without https. Download the image and upload it."
)
REFUSED = _("The site refused to send this image (%(status)s). Download the image and upload it.")
MISSING = _("The site has nothing at this address (%(status)s). Check the address.")
SLOW_DOWN = _(
    "The site asks Magpie to slow down (%(status)s). Try again in a few minutes, "
    "or download the image and upload it."
)
BROKEN = _("The site has a problem at the moment (%(status)s). Try again later.")
CERTIFICATE_EXPIRED = _(
    "The certificate of this site has expired, so Magpie cannot load the image safely. "
    "Try again when the site has a new one, or download the image and upload it."
)
CERTIFICATE_INCOMPLETE = _(
    "The certificate of this site is incomplete, or its issuer is unknown. "
    "Download the image and upload it."
)
CERTIFICATE_OF_ANOTHER = _(
    "The certificate of this site is for another address. Check the address, "
    "or download the image and upload it."
)
CERTIFICATE_INVALID = _(
    "The certificate of this site is not valid. Download the image and upload it."
)

# The codes of OpenSSL.
CERTIFICATES = {
    10: CERTIFICATE_EXPIRED,
    18: CERTIFICATE_INCOMPLETE,
    19: CERTIFICATE_INCOMPLETE,
    20: CERTIFICATE_INCOMPLETE,
    21: CERTIFICATE_INCOMPLETE,
    62: CERTIFICATE_OF_ANOTHER,
    64: CERTIFICATE_OF_ANOTHER,
}
STATUSES = {404: MISSING, 410: MISSING, 429: SLOW_DOWN}
# What people look at or listen to. It is often larger than an image may be.
TYPES = {"application/pdf": Reason.PDF, "video/": Reason.VIDEO, "audio/": Reason.SOUND}


def of_certificate(error: Exception) -> StrOrPromise | None:
    """Return what is wrong with a certificate, or None if the error is about something else."""
    if isinstance(error, SSLCertVerificationError):
        return CERTIFICATES.get(error.verify_code, CERTIFICATE_INVALID)
    return None


def check_status(status: int) -> None:
    """Raise ValidationError unless a status means success."""
    if not 200 <= status < 300:
        message = STATUSES.get(status, BROKEN if 500 <= status < 600 else REFUSED)
        raise ValidationError(message, params={"status": status})


def check_type(content_type: str) -> None:
    """Raise ValidationError for a type that is no image, although people look at it."""
    for start, reason in TYPES.items():
        if content_type.strip().lower().startswith(start):
            raise ValidationError(MESSAGES[reason])


def too_heavy(body: bytearray) -> ValidationError:
    """Return the error for a body over the limit, which may be no image."""
    try:
        kind_of(bytes(body))
    except ImageError as error:
        if error.reason in TYPES.values():
            return ValidationError(MESSAGES[error.reason])
    return ValidationError(TOO_HEAVY)
