"""The pages and writes of the growth table, for ordinary and for famous images and people."""

from collections.abc import Iterator
from typing import NamedTuple

from tools.bench.town import (
    ADMIN,
    FAMOUS,
    FAMOUS_IMAGE,
    NEWCOMER,
    ORDINARY,
    ORDINARY_IMAGE,
    VIEWERS,
    username,
)

# Viewers who follow 150 and up to 5,000 people.
VIEWER, FOLLOWER = list(VIEWERS)[1], list(VIEWERS)[3]
LATER_PAGE = 50
OPPOSITES = {"like": "unlike", "unlike": "like", "follow": "unfollow", "unfollow": "follow"}


class Visit(NamedTuple):
    """A request of a viewer: a page of a list, or a write if there is an `action`."""

    name: str
    path: str
    user: int = VIEWER
    page: int = 1
    is_htmx: bool = False
    action: str = ""


def visits() -> list[Visit]:
    return [*_lists(), *_pages(), *_administration(), *_writes()]


def _lists() -> Iterator[Visit]:
    """Yield lists that have many pages in a large town."""
    lists = {
        "gallery": "/images/",
        "people": "/people/",
        "likes of the famous image": f"/images/{FAMOUS_IMAGE}/likes/",
        "profile of the famous person": f"/people/{username(FAMOUS)}/",
        "followers of the famous person": f"/people/{username(FAMOUS)}/followers/",
        "following of a person who follows many": f"/people/{username(FOLLOWER)}/following/",
    }
    firsts = [Visit(name, path) for name, path in lists.items()]
    firsts += [
        Visit(f"feed of a viewer who follows {count:,}", "/stream/", pk, is_htmx=True)
        for pk, count in VIEWERS.items()
    ]
    firsts.append(Visit("notifications of the famous person", "/notifications/", FAMOUS))
    for first in firsts:
        yield first
        yield first._replace(name=f"{first.name}, page {LATER_PAGE}", page=LATER_PAGE)


def _pages() -> Iterator[Visit]:
    """Yield pages that are the same in a town of any size."""
    yield Visit("home", "/")
    yield Visit("page of the famous image", f"/images/{FAMOUS_IMAGE}/famous-image/")
    yield Visit("page of an ordinary image", f"/images/{ORDINARY_IMAGE}/ordinary-image/")
    yield Visit("likes of an ordinary image", f"/images/{ORDINARY_IMAGE}/likes/")
    yield Visit("profile of an ordinary person", f"/people/{username(ORDINARY)}/")
    yield Visit("followers of an ordinary person", f"/people/{username(ORDINARY)}/followers/")
    yield Visit("following of an ordinary person", f"/people/{username(ORDINARY)}/following/")
    yield Visit("notifications of an ordinary person", "/notifications/", ORDINARY)
    yield Visit("first feed of a newcomer, with suggestions", "/stream/", NEWCOMER, is_htmx=True)
    yield Visit("suggestions with images", "/welcome/people/")


def _administration() -> Iterator[Visit]:
    """Yield lists of the admin, and searches that find as much in a town of any size."""
    lists = {
        "users": ("/admin/auth/user/", "ordinary"),
        "profiles": ("/admin/people/profile/", "ordinary"),
        "email addresses": ("/admin/account/emailaddress/", "ordinary"),
        "images": ("/admin/images/image/", "ordinary"),
        "contacts": ("/admin/people/contact/", "ordinary"),
        "actions": ("/admin/stream/action/", "likes"),
    }
    for name, (path, word) in lists.items():
        yield Visit(f"admin: {name}", path, ADMIN)
        yield Visit(f"admin: {name}, search for {word}", f"{path}?q={word}", ADMIN)
    contacts, _ = lists["contacts"]
    yield Visit("admin: contacts, search for famous", f"{contacts}?q=famous", ADMIN)
    questions = {
        "the famous person": f"/admin/auth/user/{FAMOUS}/delete/",
        "an ordinary person": f"/admin/auth/user/{ORDINARY}/delete/",
        "the famous image": f"/admin/images/image/{FAMOUS_IMAGE}/delete/",
        "an ordinary image": f"/admin/images/image/{ORDINARY_IMAGE}/delete/",
    }
    for name, path in questions.items():
        yield Visit(f"admin: question before deleting {name}", path, ADMIN)


def _writes() -> Iterator[Visit]:
    places = {
        "the famous image": (f"/images/{FAMOUS_IMAGE}/like/", "like"),
        "an ordinary image": (f"/images/{ORDINARY_IMAGE}/like/", "like"),
        "the famous person": (f"/people/{username(FAMOUS)}/follow/", "follow"),
        "an ordinary person": (f"/people/{username(ORDINARY)}/follow/", "follow"),
    }
    for name, (path, verb) in places.items():
        for action in (verb, OPPOSITES[verb]):
            yield Visit(f"{action} {name}", path, is_htmx=True, action=action)
