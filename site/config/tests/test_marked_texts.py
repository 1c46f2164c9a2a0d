"""Every text is translated, on every page and in every state.

Each translated text gets marks around it. A text without marks is not translated.
"""

import re
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from config.tests import translation_marks
from config.tests.translation_marks import unmarked
from images.models import Image
from images.sanitize import sanitize
from people.models import Contact
from people.models.told import KINDS
from stream.models import Action
from stream.record import create_action
from testing.image_files import image_file
from testing.paths import SIGNED_OUT_PATHS

HTMX = {"HX-Request": "true"}
ERROR_PAGES = [path.name for path in settings.BASE_DIR.glob("templates/[45]??*.html")]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    translation_marks.add_marks(monkeypatch)


@pytest.fixture
def image(ana: User, ben: User, cleo: User) -> Image:
    """An image on a site on which everyone has done everything, some of it several times."""
    for follower, followed in ((ana, ben), (ben, ana), (ben, cleo), (cleo, ben)):
        Contact.objects.follow(follower, followed)
    pictures = [sanitize(image_file(colour, (40, 30))) for colour in ("teal", "navy")]
    images = [
        Image.objects.bookmark(user, one, title="A bird", url="https://example.org/")
        for user in (ana, ben)
        for one in pictures
    ]
    images[0].like(ben)
    for each in images:
        each.like(cleo)
    ana.profile.photo.save("ana.webp", ContentFile(image_file("teal", (40, 30))))
    for name in ("ana", "ana2"):
        EmailAddress.objects.create(user=ana, email=f"{name}@example.org", verified=name == "ana2")
    return images[0]


@pytest.mark.parametrize("url", [*SIGNED_OUT_PATHS, "/nowhere/"])
def test_pages_for_everyone_are_translated(client: Client, url: str) -> None:
    assert unmarked(client.get(url).text) == []


MEMBERS = [
    "/",
    "/stream/",
    "/people/",
    "/people/ana/",
    "/people/ben/",
    "/people/ana/activity/",
    "/people/ben/activity/",
    "/people/ana/followers/",
    "/people/ben/followers/",
    "/people/ana/following/",
    "/people/ben/following/",
    "/settings/",
    "/welcome/profile/",
    "/welcome/people/",
    "/welcome/images/",
    "/images/",
    "/images/add/",
    "/images/bookmarklet/",
    "/images/{pk}/a-bird/",
    "/images/{pk}/likes/",
    "/images/{pk}/edit/",
    "/images/{pk}/delete/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/password/set/",
    "/accounts/logout/",
    "/stream/?before=nothing",
]


@pytest.mark.parametrize("url", MEMBERS)
def test_pages_for_members_are_translated(as_ana: Client, image: Image, url: str) -> None:
    for headers in ({}, HTMX):
        response = as_ana.get(url.format(pk=image.pk), headers=headers, follow=True)
        assert unmarked(response.text) == []


@pytest.mark.parametrize("url", [url for url in MEMBERS if "{pk}" not in url])
def test_empty_pages_are_translated(as_ana: Client, ben: User, url: str) -> None:
    assert unmarked(as_ana.get(url, follow=True).text) == []


FORMS: list[tuple[str, dict[str, str]]] = [
    ("/accounts/login/", {"login": "ana", "password": "x"}),
    ("/accounts/signup/", {"username": "..", "email": "x", "password1": "1", "password2": "2"}),
    ("/accounts/signup/", {"username": "b" * 31}),
    ("/accounts/signup/", {"username": "admin", "password1": "ab-long-1", "password2": "x"}),
    ("/accounts/password/reset/", {"email": "ana@example.org"}),
    ("/accounts/email/", {"action_add": "", "email": "x"}),
    ("/accounts/email/", {"action_add": "", "email": "ana@example.org"}),
    ("/accounts/password/change/", {"oldpassword": "x", "password1": "y", "password2": "z"}),
    ("/accounts/logout/", {}),
    ("/profile/", {"first_name": "\u202e", "last_name": " ", "date_of_birth": "2999-01-01"}),
    ("/profile/", {"first_name": "Ana", "last_name": "Silva"}),
    ("/settings/notifications/", {"told_of_likes": "ben"}),
    ("/settings/notifications/", dict.fromkeys(KINDS, "nobody")),
    ("/images/add/", {"title": "A bird"}),
    ("/images/add/", {"url": "ftp://a", "title": " "}),
    ("/images/add/", {"url": f"example.org/{'a' * 2000}", "preview": "1"}),
    ("/images/{pk}/edit/", {"title": ""}),
    ("/images/{pk}/edit/", {"title": "A bird"}),
    ("/images/{pk}/delete/", {}),
    ("/images/{pk}/like/", {"action": "like", "next": "/images/{pk}/a-bird/"}),
    ("/people/ben/follow/", {"action": "unfollow"}),
    ("/people/ben/follow/", {"action": "dance"}),
]


@pytest.mark.parametrize(("url", "data"), FORMS)
def test_responses_to_forms_are_translated(
    client: Client, as_ana: Client, image: Image, url: str, data: dict[str, str]
) -> None:
    sender = client if re.search("login|signup|reset", url) else as_ana
    data = {name: value.replace("{pk}", str(image.pk)) for name, value in data.items()}
    for headers in (HTMX, {}):
        response = sender.post(url.format(pk=image.pk), data, headers=headers, follow=True)
        assert unmarked(response.text) == []


@pytest.mark.parametrize("url", ["/people/", "/people/ana/", "/people/ana/following/", "/stream/"])
def test_lists_with_more_pages_are_translated(as_ana: Client, ana: User, url: str) -> None:
    for number in range(30):
        person = User.objects.create_user(f"person{number}")
        Contact.objects.follow(ana, person)
        create_action(person, "has created an account")
    assert unmarked(as_ana.get(url).text) == []


def test_previews_are_translated() -> None:
    candidate = SimpleNamespace(src="data:", thumbnail=SimpleNamespace(width=1, height=1))
    preview = SimpleNamespace(image=candidate, candidates=[candidate, candidate])
    assert unmarked(render_to_string("images/_preview.html", {"preview": preview})) == []


def test_new_activity_is_translated(as_ana: Client, ana: User, ben: User, image: Image) -> None:
    url = "/stream/?after=" + Action.objects.cursor_of(Action(pk=0, created=ana.date_joined))
    for shown in ("&shown=0", ""):
        assert unmarked(as_ana.get(url + shown, headers=HTMX).text) == []


@pytest.mark.parametrize("page", ERROR_PAGES)
def test_error_pages_are_translated(page: str) -> None:
    context = {"seconds": 90, "minutes": 2, "hours": 1}
    assert unmarked(render_to_string(page, context)) == []


@pytest.mark.parametrize(
    "model", ["people/profile", "people/contact", "images/image", "stream/action"]
)
def test_the_admin_is_translated(admin_client: Client, image: Image, model: str) -> None:
    page = admin_client.get("/admin/").text + admin_client.get(f"/admin/{model}/").text
    change = re.search(rf"/admin/{model}/\d+/change/", page)
    assert change
    page += admin_client.get(change[0]).text
    names = LexborHTMLParser(page).css("thead, caption, .form-row label, .breadcrumbs a")
    assert unmarked("".join(node.html or "" for node in names)) == []
