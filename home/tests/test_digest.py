"""The weekly mail tells people what happened to what is theirs, and of whom they follow."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.shortcuts import resolve_url
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from selectolax.lexbor import LexborHTMLParser

from home.tests.digests import Queue, digests_of, next_monday, want_digest
from images.models import Image
from people.deactivation import deactivate
from people.models import Contact, Profile
from stream.models import Action
from testing.fixtures.people import PASSWORD

type Bookmark = Callable[..., Image]


@pytest.fixture(autouse=True)
def wanted(ana: User) -> None:
    want_digest(ana)


def texts(sent: Any) -> tuple[str, str]:
    """Return the words of the plain text, and those of the HTML."""
    [(html, kind)] = sent.alternatives
    assert kind == "text/html"
    body = LexborHTMLParser(str(html)).body
    assert body
    return " ".join(str(sent.body).split()), " ".join(body.text().split())


def test_it_tells_of_follows_likes_and_saves(
    queue: Queue, ana: User, ben: User, cleo: User, bookmark: Bookmark
) -> None:
    image = bookmark(ana, "A bird & a <fish>")
    Contact.objects.follow(ben, ana)
    image.like(ben)
    image.like(cleo)
    image.save_again(cleo)
    [sent] = digests_of(ana, queue)
    assert sent.to == ["ana@example.org"]
    for text in texts(sent):
        assert "Ben Okafor follows you" in text
        assert "cleo and Ben Okafor like A bird & a <fish>" in text
        assert "cleo saved A bird & a <fish> from you" in text
    for page in (image, ben):
        assert f"{settings.SITE_URL}{resolve_url(page)}\n" in sent.body


def test_it_shows_images_by_the_people_they_follow(
    queue: Queue, ana: User, ben: User, cleo: User, bookmark: Bookmark
) -> None:
    bookmark(ben, "A crow")
    bookmark(cleo, "A fish", "navy")
    Contact.objects.follow(ana, ben)
    [sent] = digests_of(ana, queue)
    for text in texts(sent):
        assert "A crow by Ben Okafor" in text
        assert "A fish" not in text


def test_of_one_person_it_shows_only_some(
    queue: Queue, ana: User, ben: User, cleo: User, bookmark: Bookmark
) -> None:
    bookmark(cleo, "A fish")
    for number in range(5):
        bookmark(ben, f"Crow {number}", "navy")
    for person in (ben, cleo):
        Contact.objects.follow(ana, person)
    [sent] = digests_of(ana, queue)
    assert sent.body.count("Crow") == 3
    assert "A fish" in sent.body


def test_its_links_and_pictures_work_outside_of_the_site(
    queue: Queue, client: Client, ana: User, ben: User, bookmark: Bookmark
) -> None:
    bookmark(ana, "A bird").like(ben)
    bookmark(ben, "A crow", "navy", (900, 600))
    Contact.objects.follow(ana, ben)
    [sent] = digests_of(ana, queue)
    html = LexborHTMLParser(str(sent.alternatives[0][0]))
    pictures = [str(image.attributes["src"]) for image in html.css("img")]
    links = [str(link.attributes["href"]) for link in html.css("a")]
    assert len(pictures) == 2
    for address in pictures + links:
        assert address.startswith(f"{settings.SITE_URL}/")
    for picture in pictures:
        response = client.get(picture.removeprefix(settings.SITE_URL))
        assert response["Content-Type"] == "image/jpeg"
        response.getvalue()
    client.force_login(ana)
    for link in links:
        assert client.get(link.removeprefix(settings.SITE_URL)).status_code == 200


def test_its_pictures_may_be_elsewhere(
    queue: Queue, ana: User, ben: User, bookmark: Bookmark, settings: Settings
) -> None:
    settings.MEDIA_URL = "https://media.example/"
    bookmark(ana, "A bird").like(ben)
    [sent] = digests_of(ana, queue)
    assert '<img src="https://media.example/images/' in str(sent.alternatives[0][0])


def test_nothing_is_sent_if_nothing_happened(queue: Queue, ana: User, ben: User) -> None:
    Contact.objects.follow(ana, ben)
    assert digests_of(ana, queue) == []


def test_only_what_happened_in_that_week_counts(
    queue: Queue, ana: User, ben: User, bookmark: Bookmark
) -> None:
    bookmark(ana, "A bird").like(ben)
    bookmark(ben, "A crow", "navy")
    Contact.objects.follow(ana, ben)
    for weeks in (-1, 1):
        assert digests_of(ana, queue, next_monday() + timedelta(weeks=weeks)) == []
    Action.objects.filter(recipient=ana).update(created=timezone.now() - timedelta(weeks=1))
    [sent] = digests_of(ana, queue)
    assert "like" not in sent.body
    assert "A crow" in sent.body


def test_deactivated_people_are_left_out(
    queue: Queue, ana: User, ben: User, bookmark: Bookmark
) -> None:
    bookmark(ana, "A bird").like(ben)
    bookmark(ben, "A crow", "navy")
    Contact.objects.follow(ana, ben)
    deactivate([ben])
    assert digests_of(ana, queue) == []


def refuse(ana: User) -> None:
    Profile.objects.filter(user=ana).update(weekly_digest=False)


def leave(ana: User) -> None:
    deactivate([ana])


def unconfirm(ana: User) -> None:
    EmailAddress.objects.update(verified=False)


@pytest.mark.parametrize("change", [refuse, leave, unconfirm])
def test_only_active_people_with_a_confirmed_address_who_want_it_get_it(
    queue: Queue, ana: User, ben: User, bookmark: Bookmark, change: Callable[[User], None]
) -> None:
    bookmark(ana, "A bird").like(ben)
    change(ana)
    assert digests_of(ana, queue) == []


def test_nobody_gets_it_unasked(ben: User) -> None:
    assert not ben.profile.weekly_digest


def test_it_is_in_the_language_of_the_last_sign_in(
    queue: Queue, client: Client, ana: User, ben: User, bookmark: Bookmark
) -> None:
    User.objects.filter(pk=ana.pk).update(password=make_password(PASSWORD))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    bookmark(ana, "A bird").like(ben)
    [sent] = digests_of(ana, queue)
    assert sent.subject != "Your week on Magpie"
    assert "gefällt" in sent.body


def test_it_is_in_the_site_s_language_for_others(
    queue: Queue, ana: User, ben: User, bookmark: Bookmark
) -> None:
    Profile.objects.update(language="fr")
    bookmark(ana, "A bird").like(ben)
    [sent] = digests_of(ana, queue)
    assert "likes A bird" in sent.body
