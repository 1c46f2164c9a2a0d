"""People whom a newcomer may like to follow."""

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet

from people.models import Contact, Profile

# The newest follows that count.
RECENT_FOLLOWS = 500


def people_to_suggest(viewer: User, count: int) -> QuerySet[Profile]:
    """Return the `count` active people, other than the viewer, with the most new followers."""
    recent = Contact.objects.order_by("-created").values("pk")[:RECENT_FOLLOWS]
    active = Contact.objects.filter(pk__in=recent, user_to__is_active=True)
    others = active.exclude(user_to=viewer).order_by()
    ranked = others.values("user_to").annotate(follows=Count("pk"))
    users = ranked.order_by("-follows", "-user_to").values_list("user_to", flat=True)[:count]
    return Profile.objects.active().for_viewer(viewer).filter(user__in=list(users)).newest()
