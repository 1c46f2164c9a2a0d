from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from images.fetching.addresses import Address
from images.fetching.pictures import PagePicture
from images.files import ImageFile
from images.filled import was_filled, without_filled
from images.forms import AddressField, ImageForm
from images.models import Draft, Image
from images.pictures import MAX_KEPT, NewPicture
from images.preview import Preview, WebPageError, fetch_image, preview_address
from images.uploads import HELP, MAX_FILES, TOO_MANY, FilesField, FilesInput, received
from imaging.admission import BusyError, fetching
from imaging.jobs import MEDIA_TYPES

OWN_PAGE = _("This is a page of Magpie. Open the image there, and press Save below it.")
NOTHING = _("Paste an address, or choose a file.")
NONE_CHECKED = _("No image is checked, so nothing was saved.")


class BookmarkForm(ImageForm):
    """A new image, from its address or from a file."""

    url = AddressField(
        label=_("Address"),
        required=False,
        help_text=_("The address of an image, or of a web page with images."),
        widget=forms.TextInput(
            attrs={"aria-describedby": "id_url_helptext id_url_error id_url_preview"}
        ),
    )
    upload = FilesField(
        label=_("Or files from your device"),
        required=False,
        help_text=HELP,
        widget=FilesInput(
            attrs={
                "accept": MEDIA_TYPES,
                "hx-preserve": "true",
                "aria-labelledby": "id_upload_label",
                # Set from the start, since hx-preserve keeps the element when an error comes later.
                "aria-describedby": "id_upload_helptext id_upload_error",
            }
        ),
    )

    # If several files are sent one after another: 0, and with the last the number of them all.
    several = forms.IntegerField(required=False, min_value=0, max_value=9999)

    field_order = ["url", "upload"]
    # Several files need no title, which a browser cannot know.
    use_required_attribute = False

    data: QueryDict
    # Whether the address is that of a page of this site.
    is_own_page = False
    # The preview of the address if it is a web page.
    preview: Preview | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.data.get("filled_for") != self.data.get("url"):
            self.data = without_filled(self.data)
        self.pictures: list[NewPicture] = []
        # The names of pictures that could not be saved beside others, and the reasons.
        self.refused: list[tuple[str, str]] = []
        # Those that the form lists, so that people choose from them once more.
        self.listed: list[NewPicture] = []
        sent = self._sent("kept")
        self.kept = NewPicture.from_tokens(self.instance.user, sent) if sent else []
        uploads = self.files.getlist("upload") if self.is_bound and self.files else []
        is_one_of_several = len(uploads) > 1 or self.data.get("several")
        has_names = is_one_of_several or any("title" in each.defaults for each in self.kept)
        self.fields["title"].required = not has_names

    def clean(self) -> None:
        super().clean()
        if self.is_own_page:
            self.add_error("url", OWN_PAGE)
        url, uploads = self.cleaned_data.get("url", ""), self.cleaned_data.get("upload")
        kept = [picture for picture in self.kept if picture.address in ("", url)]
        if self._sent("kept") == [""] and not uploads:
            self.add_error(None, NONE_CHECKED)
        elif not (url or uploads or kept or "url" in self.errors or "upload" in self.errors):
            self.add_error("url", NOTHING)
        # Do not fetch while another field has an error. A web page may have the missing title.
        if not self.errors or (url and not (uploads or kept) and not self.data.get("title")):
            try:
                pictures = kept + (self._uploaded(uploads) if uploads else [])
                is_fetched = not pictures or (self.chosen and not kept)
                self.pictures = pictures + (self._fetched(url) if is_fetched else [])
            except BusyError as busy:
                self.add_error(None, busy)
            except ValidationError as error:
                self.add_error("upload" if uploads else "url", error)
        if self.errors:
            self.listed = kept
            if url and (self.chosen or self._sent("known")) and not self.preview:
                self.preview = preview_address(url, self._draft(url).fetch, self.offered)
        elif any(map(self._needs_question, self.pictures)):
            self.listed = self.pictures
            # The list takes the place of the files that were chosen.
            del self.fields["upload"].widget.attrs["hx-preserve"]

    @property
    def has_questions(self) -> bool:
        """Whether it is valid, and asks about pictures that somebody has already."""
        return self.is_bound and bool(self.listed) and not self.errors

    @property
    def chosen(self) -> list[str]:
        """The URLs of the pictures that were chosen on a web page."""
        return self._sent("picture")[:MAX_FILES]

    @property
    def offered(self) -> list[str]:
        """The URLs of the pictures that a browser showed on the web page."""
        return self._sent("offered")[:MAX_FILES]

    def bookmark(self) -> list[Image]:
        """Save the pictures with what was typed."""
        with_credit = self._sent("with_credit")
        return [each.save(with_credit, **self._words(each)) for each in self.pictures]

    def _sent(self, name: str) -> list[str]:
        return self.data.getlist(name)[:MAX_KEPT] if self.is_bound else []

    def _words(self, picture: NewPicture) -> dict[str, str]:
        typed = {name: self.cleaned_data[name] for name in self.Meta.fields}
        defaults = {name: typed[name] or text for name, text in picture.defaults.items()}
        words = {**typed, **picture.facts, **defaults}
        if "alt" in picture.facts:
            # What the page says of its first picture is not about the others.
            alts = ["" if was_filled(self.data, "alt") else typed["alt"], picture.facts["alt"]]
            words["alt"] = next(filter(None, alts if len(self.pictures) == 1 else alts[::-1]), "")
        return words

    def _needs_question(self, picture: NewPicture) -> bool:
        return picture.needs_question(self._sent("known"), **self._words(picture))

    def _new(self, file: ImageFile, address: str = "", **words: dict[str, str]) -> NewPicture:
        return NewPicture(self.instance.user, file, address=address, **words)

    def _draft(self, url: str) -> Draft:
        return Draft.objects.begin(self.instance.user, url)

    def _uploaded(self, uploads: list[UploadedFile[Any]]) -> list[NewPicture]:
        if len(self.kept) + len(uploads) > MAX_KEPT:
            raise ValidationError(TOO_MANY, params={"number": MAX_FILES})
        pictures, self.refused = received(uploads)
        has_names = not self.fields["title"].required
        # The address is that of the pictures that were chosen.
        facts = {"url": ""} if self.chosen else {}
        return [
            self._new(file, facts=facts, defaults={"title": title} if has_names else {})
            for file, title in pictures
        ]

    def _fetched(self, url: str) -> list[NewPicture]:
        draft = self._draft(url)
        if self.chosen:
            return [] if self.errors else self._of_page(draft)
        try:
            body = fetch_image(url, draft.fetch, self.offered).body
        except WebPageError as page:
            self.preview = page.preview
            self._fill()
            raise
        return [] if self.errors else [self._new(ImageFile.objects.store_received(body), url)]

    def _of_page(self, draft: Draft) -> list[NewPicture]:
        pictures: list[NewPicture] = []
        with fetching():
            known: dict[str, PagePicture] = {}
            # A page may refuse to be fetched, although its pictures do not.
            with suppress(ValidationError):
                known = draft.fetch(draft.url).web_page().pictures_by_url
            for url in self.chosen:
                try:
                    address = Address.parse(url).url
                    body = draft.fetch(url, referer=draft.url).body
                    file = ImageFile.objects.store_received(body)
                except ValidationError as error:
                    self.refused.append((url, error.messages[0]))
                else:
                    facts = {"url": address, "alt": known[url].alt if url in known else ""}
                    pictures.append(
                        self._new(file, draft.url, facts=facts, defaults={"page_url": draft.url})
                    )
        if not pictures:
            raise ValidationError([f"{url}: {reason}" for url, reason in self.refused])
        return pictures

    def _fill(self) -> None:
        """Put what the page says into the fields that are empty."""
        self.data = self.data.copy()
        for name, text in self.preview.suggested.items() if self.preview else ():
            if not self.data.get(name) or was_filled(self.data, name):
                self.data[name] = text
        if title := self.data.get("title"):
            self.cleaned_data["title"] = title
            self.errors.pop("title", None)
