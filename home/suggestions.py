"""People whom a viewer may like to follow."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef

from images.models import Image, ImageCount
from people.models import Contact, Dismissal, Profile
from people.models.contact import ContactQuerySet
from people.models.profile import person_is_active

# The people that the viewer followed last, and the newest follows of each of them.
CIRCLE, FOLLOWS_OF_EACH = 20, 25
# The newest follows that count.
RECENT_FOLLOWS = 500
# The newest images that are shown of each person.
IMAGES = 4


def people_to_suggest(viewer: User, count: int, *, follows_nobody: bool = False) -> list[Profile]:
    """Return up to `count` active people with images, the most suitable first.

    Those come first whom the people follow that the viewer followed last, then those whom many
    have followed of late. How many rows this reads depends on nobody's fame.
    """
    users = [] if follows_nobody else _near(viewer, count)
    if len(users) < count:
        recent = Contact.objects.order_by("-created").values("pk")[:RECENT_FOLLOWS]
        lately = Contact.objects.filter(pk__in=recent).exclude(user_to__in=users)
        users += _most_followed(lately, viewer, count - len(users))
    people = Profile.objects.active().for_viewer(viewer).as_cards().filter(user__in=users)
    return sorted(people, key=lambda person: users.index(person.user_id))


def _near(viewer: User, count: int) -> list[int]:
    """Return the ids of people whom those follow that the viewer follows."""
    followed = Contact.objects.followed_by(viewer).newest().values_list("user_to", flat=True)
    circle = list(followed[:CIRCLE])
    theirs = Contact.objects.filter(followed_is_counted=True)
    near = theirs.newest_of_each("user_from", circle, FOLLOWS_OF_EACH)
    return _most_followed(near, viewer, count) if circle else []


def _most_followed(contacts: ContactQuerySet, viewer: User, count: int) -> list[int]:
    """Return the ids of those whom most of these contacts follow, if they can be suggested."""
    person = OuterRef("user_to")
    fitting = contacts.filter(
        ~Exists(viewer.rel_from_set.filter(user_to=person)),
        ~Exists(Dismissal.objects.filter(user=viewer, person=person)),
        Exists(ImageCount.objects.filter(user=person, count__gt=0)),
        person_is_active("user_to"),
    )
    others = fitting.exclude(user_to=viewer).order_by()
    ranked = others.values("user_to").annotate(follows=Count("pk"))
    users = ranked.order_by("-follows", "-user_to").values_list("user_to", flat=True)
    return list(users[:count])


def load_newest_images(people: Collection[Profile]) -> None:
    """Give the users of some people their `newest_images`."""
    keys = [person.user_id for person in people]
    # A prefetch would add a condition with which SQLite reads all of their images.
    images = list(Image.objects.visible().as_cards().newest_of_each("user", keys, IMAGES).newest())
    for person in people:
        theirs = [image for image in images if image.user_id == person.user_id]
        person.user.newest_images = theirs  # type: ignore[attr-defined]
