from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from images.fetching.addresses import MAX_LENGTH


class Sourced(models.Model):
    """Where an image was found and by whom, as far as that is known."""

    # A URLField refuses host names that exist.
    url = models.CharField(_("address of the image"), max_length=MAX_LENGTH, blank=True)
    page_url = models.CharField(
        _("web page"),
        max_length=MAX_LENGTH,
        blank=True,
        default="",
        db_default="",
        help_text=_("The address of the page that shows the image."),
    )
    credit = models.CharField(
        _("credit"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("The name of the site, and the author if it names one."),
    )
    # The person from whom it was saved again, and the one who saved it first.
    via = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        editable=False,
        db_index=False,
    )
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        editable=False,
        db_index=False,
    )

    class Meta:
        abstract = True

    @property
    def source_url(self) -> str:
        """The address of the page that it was found on, or else its own."""
        return self.page_url or self.url

    @property
    def source_host(self) -> str:
        """The host name of its source."""
        return (urlsplit(self.source_url).hostname or "").removeprefix("www.")
