"""The benchmark's data are what it says, and its feed is that of the site."""

import pytest
from django.contrib.auth.models import User

from home.feeds import home_feed
from images.models import Image, Like
from people.models import Contact, Profile
from stream.models import Action
from tools.bench import feed, town, tutorial
from tools.bench.town import Town


def test_the_data_have_the_requested_size(small_town: Town) -> None:
    assert Action.objects.count() == tutorial.TutorialAction._default_manager.count() == 2000
    assert Profile.objects.count() == User.objects.count() == small_town.people
    assert Image.objects.count() == pytest.approx(640, rel=0.15)
    for pk, followed in small_town.following.items():
        assert Contact.objects.filter(user_from=pk).count() == followed
    assert not [action for action in Action.objects.all() if action.target is None]


def test_a_person_and_an_image_are_famous(small_town: Town) -> None:
    fans = len(small_town.fans)
    assert fans > 0.9 * small_town.people
    assert Contact.objects.filter(user_to=town.FAMOUS).count() == fans
    assert Like.objects.filter(image=town.FAMOUS_IMAGE).count() == fans
    assert Image.objects.get(pk=town.FAMOUS_IMAGE).user_id == town.FAMOUS
    assert Image.objects.get(pk=town.ORDINARY_IMAGE).user_id == town.ORDINARY
    assert 0 < Like.objects.filter(image=town.ORDINARY_IMAGE).count() < fans / 2


def test_a_like_comes_with_its_action(small_town: Town) -> None:
    likes = Action.objects.filter(verb="likes").order_by("target_id", "user_id")
    pairs = Like.objects.order_by("image_id", "user_id").values_list("image_id", "user_id")
    assert list(likes.values_list("target_id", "user_id")) == list(pairs)


def test_both_feeds_show_the_same_actions(small_town: Town) -> None:
    for pk in town.VIEWERS:
        viewer = User.objects.get(pk=pk)
        entries = home_feed(viewer).page("").rows
        ours = [action.pk for entry in entries for action in entry.actions]
        assert ours[:10] == [action.pk for action in tutorial.dashboard(viewer)]


def test_each_table_has_a_row_for_each_viewer(
    small_town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    feed.measure()
    lines = capsys.readouterr().out.splitlines()
    rows = [line for line in lines if line.startswith("| ") and "followed" not in line]
    followed = [str(small_town.following[pk]) for pk in town.VIEWERS]
    assert [row.split()[1] for row in rows] == 2 * followed
    assert "-" not in "".join(rows)
