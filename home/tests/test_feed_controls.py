"""Images and people in a feed are liked, saved and followed in place."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser, LexborNode

from images.models import Image
from stream.models import Action
from testing.feed import HTMX
from testing.people import follow

type Form = tuple[str, dict[str, str]]


@pytest.fixture
def entry(ana: User, ben: User, cleo: User, bookmark: Callable[..., Image]) -> Action:
    """What Ben did, whom Ana follows: he saved an image and follows Cleo."""
    follow(ana, ben)
    bookmark(ben, "A bird")
    follow(ben, cleo)
    return Action.objects.create(user=ben, verb="is following", target=cleo)


def path_of(kind: str) -> str:
    """Return the address to which a kind of control in the feed posts."""
    image = Image.objects.get()
    return "/people/cleo/follow/" if kind == "follow" else f"/images/{image.pk}/{kind}/"


def form_in_feed(client: Client, action: str) -> Form:
    """Return the id of the form that posts to an address, and what it sends."""
    page = LexborHTMLParser(client.get("/stream/").text)
    form = page.css_first(f'article.entry form[action="{action}"]')
    assert isinstance(form, LexborNode)
    fields = {node.attributes["name"]: node.attributes["value"] for node in form.css("input")}
    return str(form.id), {str(name): str(value) for name, value in fields.items()}


@pytest.mark.parametrize("kind", ["like", "save", "follow"])
def test_a_control_answers_with_the_same_control_and_its_ids(
    as_ana: Client, entry: Action, kind: str
) -> None:
    path = path_of(kind)
    form, fields = form_in_feed(as_ana, path)
    answer = LexborHTMLParser(as_ana.post(path, fields, headers=HTMX).text)
    assert form.startswith("a")
    assert answer.css_matches(f'[id^="{form}"]')
    counts = {"like": ".count", "follow": ".count", "save": "#status"}
    count = answer.css_first(counts[kind])
    assert count
    assert count.attributes["hx-swap-oob"]
    assert kind == "save" or str(count.id).startswith(form.split("-")[0])


@pytest.mark.parametrize("kind", ["like", "save", "follow"])
def test_without_htmx_a_control_leads_back_to_its_place(
    as_ana: Client, entry: Action, kind: str
) -> None:
    path = path_of(kind)
    _, fields = form_in_feed(as_ana, path)
    back = as_ana.post(path, fields)["Location"]
    page, _, place = back.partition("#")
    assert page == "/stream/"
    assert LexborHTMLParser(as_ana.get(page).text).css_matches(f"[id='{place}']")


@pytest.mark.parametrize("place", ['a1-x"><b', "x", "a-", "a" + "1" * 30 + "-"])
def test_an_odd_place_is_no_part_of_an_id(as_ana: Client, entry: Action, place: str) -> None:
    image = Image.objects.get()
    fields = {"action": "like", "next": f"/stream/#{place}"}
    html = as_ana.post(f"/images/{image.pk}/like/", fields, headers=HTMX).text
    ids = [node.id for node in LexborHTMLParser(html).css("form")]
    assert ids in ([f"like-{image.pk}"], [f"a1-like-{image.pk}"])


def test_no_id_occurs_twice_where_an_image_is_in_several_entries(
    as_ana: Client, entry: Action, ben: User
) -> None:
    Image.objects.get().like(ben)
    saves = Action.objects.filter(verb="bookmarked image")
    saves.update(created=timezone.now() - timedelta(hours=2))
    page = LexborHTMLParser(as_ana.get("/stream/").text)
    ids = [node.id for node in page.css("[id]")]
    assert len(page.css(".image-card")) == 2
    assert len(ids) == len(set(ids))
