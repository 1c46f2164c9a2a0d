"""The demo people and their images."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import Client

from demo.drawings import draw
from demo.photos import draw_photo
from images.models import Image, Like
from people.models import Contact
from stream.models import Action

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_drawings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw images at a sixteenth of their size, which takes a tenth of the time."""
    monkeypatch.setattr(draw, "LONGEST_SIDE", draw.LONGEST_SIDE // 4)


def demo(*args: str) -> str:
    output = io.StringIO()
    call_command("demo", "--images=5", *args, stdout=output)
    return output.getvalue()


def demo_data() -> object:
    contacts = Contact.objects.order_by("user_from__username", "user_to__username")
    images = Image.objects.order_by("title").annotate(likes_count=Count("likes"))
    return [
        *contacts.values_list("user_from__username", "user_to__username"),
        *images.values_list("title", "user__username", "image", "likes_count"),
    ]


def test_an_empty_database_is_filled_and_the_login_works(client: Client) -> None:
    assert "Demo login: demo, password: shiny-things" in demo("--people=8", "--if-empty")
    assert User.objects.count() == 9
    assert Contact.objects.count() > 20
    assert all(user.get_full_name() for user in User.objects.all())
    assert User.objects.exclude(profile__photo="").count() > 5
    login = {"login": "demo", "password": "shiny-things"}
    assert client.post("/accounts/login/", login).status_code == 302
    assert 'class="entry"' in client.get("/stream/").text
    assert client.get("/images/").text.count('class="image-card"') == 5
    assert len({(image.width, image.height) for image in Image.objects.all()}) > 2
    assert Like.objects.exists()
    assert not [
        user
        for user in User.objects.all()
        if user.images_created.filter(created__lt=user.date_joined)
    ]


def test_every_demo_has_the_same_people_follows_and_images() -> None:
    demo("--people=6")
    first = demo_data()
    User.objects.all().delete()
    demo("--people=6")
    assert demo_data() == first


def test_a_username_always_gets_the_same_photo_and_others_get_others() -> None:
    assert draw_photo("ana", 60).tobytes() == draw_photo("ana", 60).tobytes()
    assert draw_photo("ana", 60).tobytes() != draw_photo("ben", 60).tobytes()


def test_if_empty_changes_nothing_in_an_existing_demo() -> None:
    demo("--people=4")
    before = demo_data(), Action.objects.count()
    assert "Demo login" in demo("--if-empty")
    assert (demo_data(), Action.objects.count()) == before


def test_more_people_and_images_can_be_added_to_a_demo() -> None:
    demo("--people=3")
    demo("--people=5", "--images=7")
    assert User.objects.count() == 6
    assert Image.objects.count() == 7


def test_a_person_with_the_username_demo_is_not_the_demo(db: None) -> None:
    User.objects.create_user("demo", "demo@example.org", "a-password-of-their-own")
    assert demo("--if-empty") == ""
    with pytest.raises(CommandError):
        demo()


def test_a_database_with_other_people_is_not_changed(ana: User) -> None:
    assert demo("--if-empty") == ""
    with pytest.raises(CommandError):
        demo()
    assert User.objects.get() == ana


def test_the_command_shows_how_much_is_drawn() -> None:
    lines = demo("--people=2").splitlines()
    assert lines[0].endswith("people... 50% 100%")
    assert lines[1].endswith("images... 20% 40% 60% 80% 100%")
