"""All components in all their states on one page, for developers."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from stream.entries import Act, Entry
from stream.keyset import Page
from web import pages
from web.pages import HtmxRequest

LONG = "Wilhelmina-Alexandrina " * 3 + "van der Donaudampfschifffahrtsgesellschaft"
ARABIC = "صورة القمر فوق البحر"
numbers = count(1)


class ShowcaseForm(forms.Form):
    name = forms.CharField(help_text="What it is for.")
    wrong = forms.EmailField(label="With an error", initial="not an address")
    story = forms.CharField(label="Several lines", widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label="A file", required=False, help_text="Up to 15 MB.")
    is_sure = forms.BooleanField(label="A checkbox")


def person(name: str, followers: int = 0, **more: Any) -> Any:
    """Return a stand-in for a profile, with the attributes that components read."""
    number = next(numbers)
    values = {
        "pk": number,
        "user_id": number,
        "name": name,
        "user": SimpleNamespace(username=f"person{number}"),
        "photo": None,
        "tint": number % 6,
        "follower_count": followers,
        "is_followed": False,
        "follows_viewer": False,
        "get_absolute_url": lambda: "#person",
    }
    return SimpleNamespace(**values | more)


def image(title: str, width: int = 720, likes: int = 0, **more: Any) -> Any:
    """Return a stand-in for an image that is 380 pixels high."""
    url = static("img/finds.svg")
    file = SimpleNamespace(src=url, srcset=f"{url} {width}w", urls={"thumbnail": url})
    values = {
        "pk": next(numbers),
        "title": title,
        "image": file,
        "width": width,
        "height": 380,
        "shape": min(max(round(10 * width / 380), 5), 30),
        "user": member(person("Ana Silva")),
        "user_id": 0,
        "like_count": likes,
        "is_liked": False,
        "alt_text": title,
        "card_width": min(max(round(10 * width / 380), 5), 30) * 20,
        "credit": "",
        "source_host": "example.org",
        "source_url": "#source",
        "get_absolute_url": "#image",
    }
    return SimpleNamespace(**values | more)


def member(profile: Any) -> Any:
    """Return a stand-in for the user of a profile."""
    return SimpleNamespace(profile=profile, get_absolute_url=lambda: "#person")


def entry(verb: str, *things: Any, names: Sequence[str] = ("Ana Silva",), more: int = 0) -> Entry:
    created = timezone.now() - timedelta(minutes=next(numbers))
    action: Any = SimpleNamespace(pk=next(numbers), verb=verb, created=created)
    act = Act(verb, [person(name) for name in names], len(names) + more, 1, len(things))
    return Entry([action], [act], things, len(things))


def people(request: HttpRequest) -> list[Any]:
    return [
        person("Ana Silva", 1),
        person("Ben Okafor", 2, is_followed=True),
        person("You", 12, user=request.user),
        person(LONG, 1_234_567),
        person(ARABIC, 3),
    ]


def images() -> Page[Any]:
    rows = [
        image("Finds", likes=1),
        image("Liked", likes=2, is_liked=True),
        image(LONG, likes=1_234_567),
        image(ARABIC),
        image("A tower", 150),
        image("A strip", 2000),
    ]
    return Page(rows, "next")


def entries() -> Page[Entry]:
    ben = person("Ben Okafor")
    rows = [
        entry("has created an account"),
        entry("is following", ben),
        entry("is following", ben, person(LONG), person(ARABIC), names=["Ana Silva", LONG]),
        entry("bookmarked image", image("Finds")),
        entry("bookmarked image", *[image("Finds") for _ in range(6)]),
        entry("likes", image(LONG), names=[LONG, ARABIC], more=8),
        entry("likes", image(ARABIC), names=[ARABIC]),
        entry("did something without a template"),
    ]
    return Page(rows, "")


@login_not_required
@require_safe
def showcase(request: HtmxRequest) -> HttpResponse:
    """Show all components, without reading from the database."""
    context = {
        "sizes": ["small", "medium", "large", "huge"],
        "tints": [person(f"Tint {number}", tint=number) for number in range(6)],
        "people": people(request),
        "images": images(),
        "entries": entries(),
        "last": Page([None], ""),
        "form": ShowcaseForm(),
        "wrong_form": ShowcaseForm({"name": "Ana", "wrong": "not an address"}),
    }
    return pages.render(request, "showcase/showcase.html", context)
