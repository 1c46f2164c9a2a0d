from contextlib import suppress
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.urls import Resolver404, resolve, reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from images.bookmarklet import bookmarklet_url
from images.forms import BookmarkForm, ImageForm
from images.models import Image, Like
from images.preview import Preview, preview_address
from imaging.admission import BusyError
from people.models import Profile
from stream.record import DeletedError
from web import pages
from web.pages import ViewerRequest

PAGE_SIZE = 18
LIKERS = 12
# Previews are data URLs in the page, not files.
PREVIEW_CSP = {**settings.SECURE_CSP, "img-src": [CSP.SELF, "data:"]}


def image_or_404(request: ViewerRequest, pk: int) -> Image:
    """Return an image, annotated for the viewer."""
    return get_object_or_404(Image.objects.visible().for_viewer(request.user).with_people(), pk=pk)


def likers_of(image: Image) -> list[Profile]:
    """Return the people who liked an image last."""
    return [like.user.profile for like in Like.objects.of(image).with_people()[:LIKERS]]


def is_page_of(image: Image, url: str) -> bool:
    """Return whether `url` leads to the page of an image, with its current slug or another."""
    with suppress(Resolver404):
        page = resolve(unquote(urlsplit(url).path))
        return page.view_name == "image_detail" and page.kwargs["pk"] == image.pk
    return False


@require_safe
def image_list(request: ViewerRequest) -> HttpResponse:
    """List all images, the newest first."""
    images = Image.objects.visible().for_viewer(request.user).as_cards_with_people()
    page = images.page(request.GET.get("before", ""), PAGE_SIZE)
    partial = "images/image_list.html#more"
    return pages.render(request, "images/image_list.html", {"page": page}, partial=partial)


@require_safe
def image_detail(request: ViewerRequest, pk: int, slug: str = "") -> HttpResponse:
    """Show an image with the person who saved it and people who like it."""
    image = image_or_404(request, pk)
    if slug != image.slug:
        # The slug is missing, or the title has changed since the link was made.
        return redirect(image)
    context = {"image": image, "likers": likers_of(image)}
    return pages.render(request, "images/image_detail.html", context)


@require_safe
def image_likes(request: ViewerRequest, pk: int) -> HttpResponse:
    """List the people who like an image, the latest first."""
    image = image_or_404(request, pk)
    likes = Like.objects.of(image).with_people_for(request.user)
    page = likes.page(request.GET.get("before", ""), PAGE_SIZE)
    context = {"image": image, "page": page, "people": [like.user.profile for like in page.rows]}
    partial = "people/_people.html#more"
    return pages.render(request, "images/image_likes.html", context, partial=partial)


@require_POST
def image_like(request: ViewerRequest, pk: int) -> HttpResponse:
    """Like or unlike an image, as the posted `action` says."""
    image = get_object_or_404(Image.objects.visible(), pk=pk)
    verbs = {"like": image.like, "unlike": image.unlike}
    verb = verbs.get(request.POST.get("action", ""))
    if verb is None:
        raise BadRequest("The action must be like or unlike.")
    with pages.not_found_if(DeletedError):
        verb(request.user)
    back = pages.next_url(request, image)
    if not pages.wants_partial(request):
        return pages.redirect_after_post(request, back)
    # Only the page of the image shows its likers.
    likers = likers_of(image) if is_page_of(image, back) else None
    context = {"image": image_or_404(request, pk), "next": back, "likers": likers}
    return pages.render(request, "images/_like_answer.html", context)


@csp_override(PREVIEW_CSP)
@require_http_methods(["GET", "HEAD", "POST"])
def image_create(request: ViewerRequest) -> HttpResponse:
    """Save an image from an address or a file, or show a preview of the address."""
    if request.method != "POST":
        return _create_page(request, BookmarkForm(initial=request.GET.dict()))
    if {"preview", "choice"} & request.POST.keys():
        return _preview_page(request)
    image = Image(user=request.user)
    form = BookmarkForm(request.POST, request.FILES, instance=image)
    if form.is_valid():
        try:
            with pages.not_found_if(DeletedError):
                image = form.save()
        except BusyError as busy:
            form.add_error(None, busy)
        else:
            messages.success(request, _("Your image is saved."))
            return pages.redirect_after_post(request, image.get_absolute_url())
    return _create_page(request, form, form.preview)


def _preview_page(request: ViewerRequest) -> HttpResponse:
    typed = request.POST.dict()
    choice = typed.get("choice", "")
    url = choice or typed.get("url", "").strip()
    form = BookmarkForm(initial=typed | {"url": url})
    partial = "address" if choice else "preview"
    return _create_page(request, form, preview_address(url), partial=partial)


def _create_page(
    request: ViewerRequest,
    form: BookmarkForm,
    preview: Preview | None = None,
    partial: str = "form",
) -> HttpResponse:
    context = {
        "form": form,
        "preview": preview,
        "was_chosen": partial == "address",
        # htmx keeps the chosen file; a full page load empties the file input.
        "forgot_upload": request.FILES and not pages.wants_partial(request),
    }
    template = "images/image_create.html"
    status = 422 if form.errors else 200
    return pages.render(request, template, context, partial=f"{template}#{partial}", status=status)


@require_safe
def bookmarklet(request: ViewerRequest) -> HttpResponse:
    """Explain how to save images from other sites."""
    url = bookmarklet_url(request.build_absolute_uri(reverse("image_create")))
    return pages.render(request, "images/bookmarklet.html", {"bookmarklet": url})


@require_http_methods(["GET", "HEAD", "POST"])
def image_edit(request: ViewerRequest, pk: int) -> HttpResponse:
    """Edit the title and description of the viewer's own image."""
    image = get_object_or_404(request.user.images_created, pk=pk)
    form = ImageForm(request.POST if request.method == "POST" else None, instance=image)
    if form.is_valid():
        with pages.not_found_if(Image.NotUpdated):
            form.save()
        messages.success(request, _("Your changes are saved."))
        return pages.redirect_after_post(request, image.get_absolute_url())
    template, context = "images/image_edit.html", {"form": form, "image": image}
    status = 422 if form.is_bound else 200
    return pages.render(request, template, context, partial=f"{template}#form", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def image_delete(request: ViewerRequest, pk: int) -> HttpResponse:
    """Ask for confirmation, then delete the viewer's own image."""
    image = get_object_or_404(request.user.images_created, pk=pk)
    if request.method == "POST":
        image.delete()
        messages.success(request, _("“%(title)s” is deleted.") % {"title": image.title})
        return pages.redirect_after_post(request, resolve_url(request.user))
    return pages.render(request, "images/image_delete.html", {"image": image})
