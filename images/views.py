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
from images.preview import Look, look
from imaging.admission import BusyError
from people.models import Profile
from web import pages
from web.pages import MemberRequest

PAGE_SIZE = 18
FACES = 12
# Previews are sent inside the page, and not kept in any file.
PREVIEWS_ALLOWED = {**settings.SECURE_CSP, "img-src": [CSP.SELF, "data:"]}


def image_or_404(request: MemberRequest, pk: int) -> Image:
    """Return an image as the reader sees it."""
    return get_object_or_404(Image.objects.visible().for_reader(request.user).with_people(), pk=pk)


def likers_of(image: Image) -> list[Profile]:
    """Return the latest of those who like an image."""
    return [like.user.profile for like in Like.objects.of(image).with_people()[:FACES]]


def is_page_of(image: Image, url: str) -> bool:
    """Say whether `url` is that of the page of an image, under its present title or another."""
    with suppress(Resolver404):
        page = resolve(unquote(urlsplit(url).path))
        return page.view_name == "image_detail" and page.kwargs["pk"] == image.pk
    return False


@require_safe
def image_list(request: MemberRequest) -> HttpResponse:
    """List all images, the newest first."""
    images = Image.objects.visible().for_reader(request.user).with_people()
    page = images.page(request.GET.get("before", ""), PAGE_SIZE)
    part = "images/image_list.html#more"
    return pages.respond(request, "images/image_list.html", {"page": page}, part=part)


@require_safe
def image_detail(request: MemberRequest, pk: int, slug: str = "") -> HttpResponse:
    """Show an image, with who bookmarked it and who likes it."""
    image = image_or_404(request, pk)
    if slug != image.slug:
        # The title has changed since the link was made, or was left out.
        return redirect(image)
    context = {"image": image, "likers": likers_of(image)}
    return pages.respond(request, "images/image_detail.html", context)


@require_safe
def image_likes(request: MemberRequest, pk: int) -> HttpResponse:
    """List who likes an image, the latest first."""
    image = image_or_404(request, pk)
    likes = Like.objects.of(image).with_people_for(request.user)
    page = likes.page(request.GET.get("before", ""), PAGE_SIZE)
    context = {"image": image, "page": page, "people": [like.user.profile for like in page.rows]}
    part = "people/_people.html#more"
    return pages.respond(request, "images/image_likes.html", context, part=part)


@require_POST
def image_like(request: MemberRequest, pk: int) -> HttpResponse:
    """Like an image or no longer, as the posted `action` says."""
    image = get_object_or_404(Image.objects.visible(), pk=pk)
    verbs = {"like": image.like, "unlike": image.unlike}
    verb = verbs.get(request.POST.get("action", ""))
    if verb is None:
        raise BadRequest("Say whether to like or to unlike.")
    with pages.not_found_if_deleted():
        verb(request.user)
    back = pages.next_url(request, image)
    if not pages.wants_part(request):
        return pages.see_other(request, back)
    # Only the page of the image shows who likes it.
    likers = likers_of(image) if is_page_of(image, back) else None
    context = {"image": image_or_404(request, pk), "next": back, "likers": likers}
    return pages.respond(request, "images/_like.html#answer", context)


@csp_override(PREVIEWS_ALLOWED)
@require_http_methods(["GET", "HEAD", "POST"])
def image_create(request: MemberRequest) -> HttpResponse:
    """Bookmark an image from its address or a file, after a look at it if asked for one."""
    if request.method != "POST":
        return _create_page(request, BookmarkForm(initial=request.GET.dict()))
    if {"preview", "choice"} & request.POST.keys():
        return _look_page(request)
    image = Image(user=request.user)
    form = BookmarkForm(request.POST, request.FILES, instance=image)
    if form.is_valid():
        try:
            with pages.not_found_if_deleted():
                image = form.save()
        except BusyError as busy:
            form.add_error(None, busy)
        else:
            messages.success(request, _("Your image is saved."))
            return pages.see_other(request, image.get_absolute_url())
    return _create_page(request, form, form.look)


def _look_page(request: MemberRequest) -> HttpResponse:
    typed = request.POST.dict()
    choice = typed.get("choice", "")
    url = choice or typed.get("url", "").strip()
    form = BookmarkForm(initial=typed | {"url": url})
    return _create_page(request, form, look(url), part="look" if choice else "preview")


def _create_page(
    request: MemberRequest, form: BookmarkForm, seen: Look | None = None, part: str = "form"
) -> HttpResponse:
    context = {
        "form": form,
        "look": seen,
        "was_chosen": part == "look",
        # With htmx the file input is kept; without, the browser comes back with an empty one.
        "forgot_upload": request.FILES and not pages.wants_part(request),
    }
    template = "images/image_create.html"
    status = 422 if form.errors else 200
    return pages.respond(request, template, context, part=f"{template}#{part}", status=status)


@require_safe
def bookmarklet(request: MemberRequest) -> HttpResponse:
    """Explain how to bookmark images from other sites."""
    url = bookmarklet_url(request.build_absolute_uri(reverse("image_create")))
    return pages.respond(request, "images/bookmarklet.html", {"bookmarklet": url})


@require_http_methods(["GET", "HEAD", "POST"])
def image_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Edit what one says of an image."""
    image = get_object_or_404(request.user.images_created, pk=pk)
    form = ImageForm(request.POST if request.method == "POST" else None, instance=image)
    if form.is_valid():
        with pages.not_found_if_deleted():
            form.save()
        messages.success(request, _("Your changes are saved."))
        return pages.see_other(request, image.get_absolute_url())
    part = "images/image_edit.html#form"
    status = 422 if form.is_bound else 200
    return pages.respond(
        request, "images/image_edit.html", {"form": form, "image": image}, part=part, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
def image_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete an image, once that is confirmed."""
    image = get_object_or_404(request.user.images_created, pk=pk)
    if request.method == "POST":
        image.delete()
        messages.success(request, _("“%(title)s” is deleted.") % {"title": image.title})
        return pages.see_other(request, resolve_url(request.user))
    return pages.respond(request, "images/image_delete.html", {"image": image})
