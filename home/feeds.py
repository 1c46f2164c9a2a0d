"""The home feed: the actions of the people that a viewer follows."""

from django.contrib.auth.models import User

from people.models import Contact, Profile
from stream.feed import Feed, feed_of_others, feed_of_people
from stream.models import Action, ActionQuerySet


def home_feed(viewer: User) -> Feed:
    """Return the feed of the people that `viewer` follows, or of everyone if there are none."""
    count = Profile.objects.following_count_of(viewer)
    if not count:
        return feed_of_others(viewer)
    return feed_of_people(Contact.objects.followed_ids(viewer.pk), count)


def newest_action_above(after: str, viewer_id: int, *, of_everyone: bool) -> ActionQuerySet:
    """Keep the newest action of the viewer's home feed above the cursor `after`.

    For the feed of everyone, keep all of them.
    """
    newer = Action.objects.above(after)
    if of_everyone:
        return newer.by_others(viewer_id)
    return newer.newest_by_people(Contact.objects.followed_ids(viewer_id), 1)
