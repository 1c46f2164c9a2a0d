"""The home feed: the actions of the people that a viewer follows."""

from dataclasses import replace
from typing import Any

from django.http import QueryDict

from images.models import Image
from people.models import Contact, Profile
from stream.entries import Entry
from stream.feed import Feed, feed_of_others, feed_of_people
from stream.keyset import Page, key_in
from stream.models import Action, ActionQuerySet


def home_feed(viewer: Any) -> Feed:
    """Return the feed of the people that `viewer` follows, or of everyone if there are none.

    It has all actions, or those about images alone, as the viewer chose.
    """
    # The middleware loads the viewer of a request with these.
    if getattr(viewer, "following_count", None) is not None:
        count, images_only = viewer.following_count, viewer.has_images_only
    else:
        count, images_only = Profile.objects.feed_settings_of(viewer)
    if count:
        feed = feed_of_people(viewer, Contact.objects.followed_ids(viewer.pk), count)
    else:
        feed = feed_of_others(viewer)
    return replace(feed, model=Image) if images_only else feed


def requested_page(feed: Feed, query: QueryDict) -> Page[Entry]:
    """Return the page of a feed that a request asks for by `from` or `before`.

    `from` is the key of an entry. The page begins with it, or is the first page if that has it.
    """
    if "from" in query:
        return feed.page_from(key_in(query.get("from", "")))
    cursor = query.get("before", "")
    return replace(feed.page(cursor), previous_cursor=cursor)


def newest_action_above(
    after: str, viewer_id: int, *, of_everyone: bool, images_only: bool
) -> ActionQuerySet:
    """Keep the newest action of the viewer's home feed above the cursor `after`.

    For the feed of everyone, keep all of them.
    """
    newer = Action.objects.above(after)
    if images_only:
        newer = newer.to(Image)
    if of_everyone:
        return newer.by_others(viewer_id)
    return newer.newest_by_people(Contact.objects.followed_ids(viewer_id), 1)
