"""All components in all their states on one page, for developers."""

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

from stream.feed import Entry
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
        "name": name,
        "user": SimpleNamespace(username=f"person{number}"),
        "photo": None,
        "tint": number % 6,
        "follower_count": followers,
        "is_followed": False,
        "get_absolute_url": "#person",
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
        "like_count": likes,
        "is_liked": False,
        "get_absolute_url": "#image",
    }
    return SimpleNamespace(**values | more)


def member(profile: Any) -> Any:
    """Return a stand-in for the user of a profile."""
    return SimpleNamespace(profile=profile, get_absolute_url="#person")


def entry(verb: str, *targets: Any, name: str = "Ana Silva") -> Entry:
    created = timezone.now() - timedelta(minutes=next(numbers))
    actions = [
        SimpleNamespace(pk=next(numbers), verb=verb, created=created, target=target)
        for target in targets or [None]
    ]
    user: Any = member(person(name))
    return Entry(user, actions)  # type: ignore[arg-type]


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
    ben = member(person("Ben Okafor"))
    rows = [
        entry("has created an account"),
        entry("is following", ben),
        entry("is following", ben, member(person(LONG)), ben),
        entry("bookmarked image", image("Finds")),
        entry("bookmarked image", *[image("Finds") for _ in range(10)]),
        entry("likes", image(LONG), name=LONG),
        entry("likes", image(ARABIC), name=ARABIC),
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
