"""A person or image that is deleted during a request causes no server error."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from images.models import Image
from people.models import Profile
from testing.image_files import image_file
from testing.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("x.png", image_file("teal", (40, 30)))


FORMS: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "follow": ("/people/ben/follow/", lambda: {"action": "follow"}),
    "unfollow": ("/people/ben/follow/", lambda: {"action": "unfollow"}),
    "like": ("/images/{pk}/like/", lambda: {"action": "like"}),
    "unlike": ("/images/{pk}/like/", lambda: {"action": "unlike"}),
    "edit": ("/images/{pk}/edit/", lambda: {"title": "A crow"}),
    "bookmark": ("/images/add/", lambda: {"title": "A crow", "upload": upload()}),
    "profile": ("/profile/", lambda: {"first_name": "A", "photo": upload()}),
    "delete": ("/images/{pk}/delete/", dict),
}


@pytest.mark.parametrize("gone", ["ana", "ben", "image"])
@pytest.mark.parametrize("form", FORMS)
def test_a_deletion_during_a_request_causes_no_server_error(
    ana: User,
    ben: User,
    bookmark: Callable[..., Image],
    sign_in: Callable[[User], Client],
    form: str,
    gone: str,
) -> None:
    for round_ in range(2):
        ana, _ = User.objects.get_or_create(username="ana")
        ben, _ = User.objects.get_or_create(username="ben")
        boss, _ = User.objects.get_or_create(username="boss", is_superuser=True, is_staff=True)
        image = bookmark(ana if form in {"edit", "delete"} else ben, f"Round {round_}")
        url, fields = FORMS[form]
        pages = {
            "ana": f"/admin/auth/user/{ana.pk}/delete/",
            "ben": f"/admin/auth/user/{ben.pk}/delete/",
            "image": f"/admin/images/image/{image.pk}/delete/",
        }
        clients = [sign_in(ana), sign_in(ana), sign_in(boss)]
        calls: list[tuple[str, Any]] = [
            (url.format(pk=image.pk), fields()),
            (url.format(pk=image.pk), fields()),
            (pages[gone], {"post": "yes"}),
        ]
        statuses: list[int] = []

        def post(client: Client, path: str, data: Any, statuses: list[int] = statuses) -> bool:
            client.raise_request_exception = False
            statuses.append(client.post(path, data).status_code)
            return True

        at_once([lambda c=c, d=d: post(c, *d) for c, d in zip(clients, calls, strict=True)], 3)  # type: ignore[misc]
        # The form may still ask about an image that is deleted before the answer.
        assert set(statuses) <= {302, 303, 404, 422}
        assert Profile.objects.count() == User.objects.count()
