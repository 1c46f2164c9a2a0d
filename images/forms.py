from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from images.fetching.addresses import MAX_LENGTH, TOO_LONG, Address
from images.files import ImageFile
from images.models import Image
from images.preview import Preview, WebPageError, fetch_image
from images.sanitize import MAX_BYTES, TOO_HEAVY, SanitizedImage, sanitize
from imaging.admission import BusyError
from people import quota
from people.names import is_visible

NOTHING = _("Paste an address, or choose a file.")
BOTH = _("Give an address or a file, not both.")


class ImageForm(forms.ModelForm[Image]):
    """The title and description of an image."""

    class Meta:
        model = Image
        fields = ["title", "description"]
        widgets = {
            "title": forms.TextInput(attrs={"dir": "auto"}),
            "description": forms.Textarea(attrs={"dir": "auto", "rows": 3}),
        }

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        if not is_visible(title):
            raise ValidationError(_("This title has no visible characters."))
        return title

    def save(self, commit: bool = True) -> Image:
        """Save the edited fields. NotUpdated if the image was deleted in the meantime."""
        self.instance.save(update_fields=["title", "slug", "description"])
        return self.instance


class BookmarkForm(ImageForm):
    """A new image, from its address or from a file."""

    url = forms.CharField(
        label=_("Address"),
        required=False,
        help_text=_("The address of an image, or of a web page with images."),
        error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput(
            attrs={
                "inputmode": "url",
                "autocapitalize": "none",
                "spellcheck": "false",
                "aria-describedby": "id_url_helptext id_url_error id_url_preview",
            }
        ),
    )
    # As an argument, it would add `maxlength`, and browsers would silently cut longer addresses.
    url.max_length = MAX_LENGTH
    upload = forms.FileField(
        label=_("Or a file from your device"),
        required=False,
        help_text=_("JPEG, PNG, WebP or GIF, up to 15 MB."),
        widget=forms.FileInput(
            attrs={
                "accept": "image/jpeg,image/png,image/webp,image/gif",
                "hx-preserve": "true",
                # Set from the start, since hx-preserve keeps the element when an error comes later.
                "aria-describedby": "id_upload_helptext id_upload_error",
            }
        ),
    )

    field_order = ["url", "upload", "title", "description"]

    # The preview of the address if it is a web page.
    preview: Preview | None = None
    picture: ImageFile | SanitizedImage

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        return Address.parse(url).url if url else ""

    def clean(self) -> None:
        super().clean()
        url, upload = self.cleaned_data.get("url"), self.cleaned_data.get("upload")
        if not self.errors and bool(url) == bool(upload):
            self.add_error("url", BOTH if url else NOTHING)
        # Do not fetch while another field has an error.
        if not self.errors:
            try:
                self.picture = self._uploaded() if upload else self._fetched()
            except BusyError as busy:
                self.add_error(None, busy)
            except ValidationError as error:
                self.add_error("upload" if upload else "url", error)

    def save(self, commit: bool = True) -> Image:
        """Save the picture with its title, description and address."""
        fields = {name: self.cleaned_data[name] for name in ("title", "description", "url")}
        return Image.objects.bookmark(self.instance.user, self.picture, **fields)

    def _uploaded(self) -> ImageFile | SanitizedImage:
        upload = self.cleaned_data["upload"]
        if upload.size > MAX_BYTES:
            raise ValidationError(TOO_HEAVY)
        return known_or_sanitized(upload.read())

    def _fetched(self) -> ImageFile | SanitizedImage:
        try:
            return known_or_sanitized(fetch_image(self.cleaned_data["url"]).body)
        except WebPageError as page:
            self.preview = page.preview
            raise


def known_or_sanitized(data: bytes) -> ImageFile | SanitizedImage:
    """Return the file that was made from these bytes before, or sanitize them."""
    if file := ImageFile.objects.received(data):
        # The quota counts uploads even if nothing new is stored.
        quota.count(len(data))
        return file
    return sanitize(data)
