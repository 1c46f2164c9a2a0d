from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from images.forms import ImageForm
from images.models import Image, Like
from people.models import Profile
from stream.record import DeletedError
from web import pages
from web.pages import ViewerRequest

PAGE_SIZE = 18
LIKERS = 12
# An image's page shows this many others of its owner.
OTHERS = 6


def image_or_404(request: ViewerRequest, pk: int) -> Image:
    """Return an image, annotated for the viewer."""
    images = Image.objects.visible().for_viewer(request.user)
    return get_object_or_404(images.with_people().with_credit(), pk=pk)


def likers_of(image: Image) -> list[Profile]:
    """Return the people who liked an image last."""
    return [like.user.profile for like in Like.objects.of(image).with_people()[:LIKERS]]


def others_next_to(image: Image) -> dict[str, Any]:
    """Return the previous and the next image of the same person, and some around them."""
    above, below = Image.objects.next_to(image, OTHERS)
    # Half of them are above the image, or more if there are few below.
    number = max(OTHERS // 2, OTHERS - len(below))
    others = [*above[:number][::-1], *below][:OTHERS]
    return {"previous": above[:1], "next": below[:1], "others": others}


def page_at(url: str) -> ResolverMatch | None:
    """Return the page to which a URL of this site leads."""
    with suppress(Resolver404, ValueError):
        return resolve(unquote(urlsplit(url.strip()).path))
    return None


def pk_of_page(url: str) -> int | None:
    """Return the key of the image whose page a URL of this site leads to."""
    page = page_at(url)
    return int(page.kwargs["pk"]) if page and page.view_name == "image_detail" else None


@require_safe
def image_list(request: ViewerRequest) -> HttpResponse:
    """List all images, the newest first."""
    images = Image.objects.visible().for_viewer(request.user).as_cards_with_people()
    page = images.requested_page(request.GET, PAGE_SIZE)
    partial = "images/image_list.html#more"
    return pages.render(request, "images/image_list.html", {"page": page}, partial=partial)


@require_safe
def image_detail(request: ViewerRequest, pk: int, slug: str = "") -> HttpResponse:
    """Show an image with the person who saved it, more of theirs, and people who like it."""
    image = image_or_404(request, pk)
    if slug != image.slug:
        # The slug is missing, or the title has changed since the link was made.
        return redirect(image)
    context = {"image": image, "likers": likers_of(image), **others_next_to(image)}
    return pages.render(request, "images/image_detail.html", context)


@require_safe
def image_likes(request: ViewerRequest, pk: int) -> HttpResponse:
    """List the people who like an image, the latest first."""
    image = image_or_404(request, pk)
    likes = Like.objects.of(image).with_people_for(request.user)
    page = likes.requested_page(request.GET, PAGE_SIZE, key="user__profile")
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
    likers = likers_of(image) if pk_of_page(back) == image.pk else None
    context = {"image": image_or_404(request, pk), "next": back, "likers": likers}
    context["scope"] = pages.scope_of(back)
    return pages.render(request, "images/_like_answer.html", context)


@require_POST
def image_save(request: ViewerRequest, pk: int) -> HttpResponse:
    """Save somebody else's image as one of the viewer's own, with credit."""
    image = get_object_or_404(Image.objects.visible(), pk=pk)
    with pages.not_found_if(DeletedError):
        image.save_again(request.user)
    back = pages.next_url(request, image)
    if not pages.wants_partial(request):
        return pages.redirect_after_post(request, back)
    context = {"image": image_or_404(request, pk), "scope": pages.scope_of(back)}
    return pages.render(request, "images/_save_answer.html", context)


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
