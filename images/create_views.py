"""The page that saves images, and that of the bookmarklet."""

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.http import MAX_URL_LENGTH, url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from images.bookmark_form import OWN_PAGE, BookmarkForm
from images.bookmarklet import bookmarklet_url
from images.doubles import Double, double_of
from images.fetching.addresses import Address
from images.filled import suggestions, without_filled
from images.models import Draft, Image
from images.pictures import NewPicture
from images.preview import MAX_CANDIDATES, Candidate, Preview, preview_address
from images.uploads import MAX_FILES
from images.views import page_at, pk_of_page
from people import unsent
from stream.record import DeletedError
from web import pages
from web.pages import ViewerRequest

ONE_SAVED = _("Your image is saved.")
NOT_SAVED = _("Your image is not saved yet. Check what you entered, and press Save.")
FILES_GONE = _("Choose your files again. Browsers do not keep them.")
LINK = re.compile(r"https?://\S+")
# Previews are data URLs in the page, not files.
PREVIEW_CSP = {**settings.SECURE_CSP, "img-src": [CSP.SELF, "data:"]}


@csp_override(PREVIEW_CSP)
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def image_create(request: ViewerRequest) -> HttpResponse:
    """Save an image from an address or a file, or show a preview of the address."""
    if not request.user.is_authenticated:
        return _sign_in_first(request)
    if request.method != "POST":
        return _empty_page(request)
    url = request.POST.get("url", "")
    known = image_at(request, url)
    if "preview" in request.POST:
        return _preview_page(request, known)
    if known:
        messages.info(request, _("This image is on Magpie already. You can save it here."))
        return pages.redirect_after_post(request, known.get_absolute_url())
    form = BookmarkForm(request.POST, request.FILES, instance=Image(user=request.user))
    form.is_own_page = is_own_page(request, url)
    with pages.not_found_if(DeletedError):
        if form.is_valid() and not form.has_questions:
            images = form.bookmark()
            return _saved(request, images, form.refused, form.cleaned_data["several"])
    return _create_page(request, form, form.preview)


def _sign_in_first(request: ViewerRequest) -> HttpResponse:
    if request.method == "POST":
        typed: dict[str, Any] = {
            name: request.POST.get(name, "") for name in BookmarkForm.base_fields
        }
        typed |= {name: request.POST.getlist(name)[:MAX_FILES] for name in ("picture", "offered")}
        typed["had_files"] = bool(request.FILES)
    elif len(request.get_full_path()) > MAX_URL_LENGTH:
        # After signing in, Django goes on to shorter addresses only.
        typed = {**handed_over(request.GET)}
    else:
        return pages.to_login(request)
    return unsent.sign_in_first(request, typed)


def _empty_page(request: ViewerRequest) -> HttpResponse:
    handed, typed = handed_over(request.GET), unsent.take(request)
    if typed:
        messages.info(request, NOT_SAVED)
    if typed.get("had_files"):
        messages.warning(request, FILES_GONE)
    form = BookmarkForm(initial=handed | typed)
    # What a browser hands over makes way for what the page says of itself.
    filled = {"title": handed["title"]} if handed["title"] and not typed else {}
    offered = typed.get("offered") or request.GET.getlist("picture")
    chosen = typed.get("picture", [])
    return _create_page(request, form, filled=filled, offered=offered, chosen=chosen)


def _saved(
    request: ViewerRequest, images: list[Image], refused: list[tuple[str, str]], several: int | None
) -> HttpResponse:
    if several == 0:
        return pages.no_content()
    for refusal in refused:
        messages.error(request, "{}: {}".format(*refusal))
    number = several or len(images)
    text = ngettext("%(number)s image is saved.", "%(number)s images are saved.", number)
    messages.success(request, text % {"number": number} if number > 1 else ONE_SAVED)
    one = number == 1 and not refused
    return pages.redirect_after_post(request, resolve_url(images[0] if one else request.user))


def handed_over(query: QueryDict) -> dict[str, str]:
    """Return the fields that a bookmarklet or a phone hands over.

    Phones share a link as the text, or at its end.
    """
    text, page = query.get("text", ""), query.get("page", "")
    url = query.get("url", "") or page
    if not url and (link := LINK.search(text)):
        url, text = link[0], text.replace(link[0], "").strip()
    title = query.get("title", "")
    return {"url": url, "page_url": page, "title": title, "description": text}


def image_at(request: ViewerRequest, url: str) -> Image | None:
    """Return the image whose page on this site has an address."""
    if not _is_ours(request, url) or (pk := pk_of_page(url)) is None:
        return None
    return Image.objects.visible().with_people().filter(pk=pk).first()


def is_own_page(request: ViewerRequest, url: str) -> bool:
    """Whether an address is that of a page of this site, and not of an image file."""
    page = page_at(url) if _is_ours(request, url) else None
    return page is not None and page.view_name != "media"


def _is_ours(request: ViewerRequest, url: str) -> bool:
    return url_has_allowed_host_and_scheme(url.strip(), allowed_hosts={request.get_host()})


def _preview_page(request: ViewerRequest, known: Image | None) -> HttpResponse:
    url = request.POST.get("url", "").strip()
    preview = _preview_of(request, url) if url and not known else Preview()
    filled = suggestions(request.POST, preview.suggested) if url else {}
    typed = without_filled(request.POST).dict()
    form = BookmarkForm(
        initial=typed | {name: typed.get(name) or text for name, text in filled.items()}
    )
    # Files have been sent, and take precedence over an address.
    kept = NewPicture.from_tokens(request.user, request.POST.getlist("kept"))
    form.listed = [picture for picture in kept if not picture.address]
    return _create_page(request, form, preview, known, "preview", filled=filled)


def _preview_of(request: ViewerRequest, text: str) -> Preview:
    if is_own_page(request, text):
        return Preview(error=str(OWN_PAGE))
    try:
        url = Address.parse(text).url
    except ValidationError as error:
        return Preview(error=error.messages[0])
    with pages.not_found_if(DeletedError):
        draft = Draft.objects.begin(request.user, url)
    return preview_address(url, draft.fetch, request.POST.getlist("offered")[:MAX_CANDIDATES])


def _with_double(request: ViewerRequest, candidate: Candidate) -> tuple[Candidate, Double | None]:
    small = candidate.thumbnail
    return candidate, double_of(request.user, small.received, small.pixels)


def _create_page(
    request: ViewerRequest,
    form: BookmarkForm,
    preview: Preview | None = None,
    known: Image | None = None,
    partial: str = "form",
    **more: Any,
) -> HttpResponse:
    pictures = [_with_double(request, shown) for shown in preview.shown] if preview else []
    # The first picture that the viewer does not have is chosen.
    new = [picture.url for picture, double in pictures if not (double and double.own)]
    context = {
        "form": form,
        "preview": preview,
        "pictures": pictures,
        "known": known,
        "chosen": request.POST.getlist("picture") or new[:1],
        "with_credit": request.POST.getlist("with_credit"),
        "offered": request.POST.getlist("offered"),
        "filled": suggestions(request.POST, preview.suggested) if preview else {},
        # htmx keeps the chosen file; a full page load empties the file input.
        "forgot_upload": request.FILES and not pages.wants_partial(request),
    }
    context |= more
    template = "images/image_create.html"
    status = 422 if form.errors or form.has_questions else 200
    return pages.render(request, template, context, partial=f"{template}#{partial}", status=status)


@require_safe
def bookmarklet(request: ViewerRequest) -> HttpResponse:
    """Explain how to save images from other sites."""
    url = bookmarklet_url(request.build_absolute_uri(reverse("image_create")))
    return pages.render(request, "images/bookmarklet.html", {"bookmarklet": url})
