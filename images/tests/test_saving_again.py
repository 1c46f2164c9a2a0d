"""Saving somebody else's image, with credit."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from images.files import ImageFile
from images.models import Image
from people.deactivation import deactivate
from people.deletion import delete_people
from stream.models import Action
from stream.record import DeletedError
from testing.markup import has, text_of

pytestmark = pytest.mark.django_db
Bookmark = Callable[..., Image]
HTMX = {"HX-Request": "true"}
PAGE = "https://birds.example/heron"


@pytest.fixture
def image(ben: User, bookmark: Bookmark) -> Image:
    return bookmark(ben, "A bird", alt="A heron", description="Seen by me.", page_url=PAGE)


def press(client: Client, image: Image, **headers: str) -> str:
    data = {"next": "/images/#image-1"}
    response = client.post(f"/images/{image.pk}/save/", data, headers=headers)
    assert response.status_code == (200 if headers else 303)
    return response.text or response["Location"]


def test_it_becomes_ones_own_with_its_source_and_without_a_second_file(
    as_ana: Client, ana: User, image: Image
) -> None:
    assert press(as_ana, image) == "/images/#image-1"
    mine = ana.images_created.get()
    assert (mine.title, mine.alt, mine.page_url) == ("A bird", "A heron", PAGE)
    assert (mine.description, mine.file) == ("", image.file)
    assert ImageFile.objects.count() == 1
    assert Action.objects.of(ana, "bookmarked image", mine).count() == 1
    assert ana.image_count.count == 1


def test_the_credit_names_the_one_it_came_via_and_the_first_finder(
    as_ana: Client, ana: User, cleo: User, image: Image
) -> None:
    cleos = image.save_again(cleo)
    assert text_of(credit(as_ana, cleos), "p") == "Via Ben Okafor, found on birds.example"
    press(as_ana, cleos)
    mine = ana.images_created.get()
    html = credit(as_ana, mine)
    assert text_of(html, "p") == "Via cleo, found on birds.example"
    assert text_of(html, "p + p") == "First saved by Ben Okafor"
    assert has(html, 'p a[href="/people/cleo/"]')


def credit(client: Client, image: Image) -> str:
    html = client.get(image.get_absolute_url()).text
    return "".join(f"<p{part}" for part in html.split("<p") if 'class="image-page__source"' in part)


def test_a_second_press_saves_nothing_more(as_ana: Client, ana: User, image: Image) -> None:
    for _press in range(2):
        press(as_ana, image)
    assert ana.images_created.count() == 1
    assert Action.objects.of(ana, "bookmarked image", ana.images_created.get()).count() == 1


def test_htmx_gets_a_link_to_ones_own_image_in_place_of_the_button(
    as_ana: Client, ana: User, image: Image
) -> None:
    html = press(as_ana, image, **HTMX)
    mine = ana.images_created.get()
    assert has(html, f'a#save-{image.pk}-button[href="/images/{mine.pk}/"]')
    assert not has(html, "form")
    assert text_of(html, "#status[hx-swap-oob]") == "You saved A bird."


@pytest.mark.parametrize("path", ["/images/", "/people/ben/", "/images/{}/a-bird/"])
def test_pages_offer_to_save_what_is_not_ones_own(as_ana: Client, image: Image, path: str) -> None:
    path = path.format(image.pk)
    html = as_ana.get(path).text
    assert text_of(html, f"form#save-{image.pk} button") == "Save A bird"
    press(as_ana, image)
    assert text_of(as_ana.get(path).text, f"a#save-{image.pk}-button") == "Saved A bird"


def test_ones_own_images_cannot_be_saved_again(
    as_ana: Client, ana: User, bookmark: Bookmark
) -> None:
    image = bookmark(ana)
    assert not has(as_ana.get("/images/").text, f"#save-{image.pk}-button")
    press(as_ana, image)
    assert Image.objects.get() == image


def test_deleting_ones_own_leaves_theirs_and_the_other_way_round(
    as_ana: Client, ana: User, image: Image
) -> None:
    mine = image.save_again(ana)
    mine.delete()
    assert image.image.storage.exists(image.image.name)
    mine = image.save_again(ana)
    image.delete()
    assert as_ana.get(mine.get_absolute_url()).status_code == 200
    assert ImageFile.objects.get().unused_since is None


def test_a_person_who_is_hidden_gets_no_credit(
    as_ana: Client, ana: User, ben: User, image: Image
) -> None:
    mine = image.save_again(ana)
    deactivate([ben])
    assert text_of(credit(as_ana, mine), "p") == "Found on birds.example"


def test_an_image_outlives_the_people_it_came_from(
    ana: User, ben: User, image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = [image.save_again(ana), *(image.save_again(user) for user in others(5))]
    monkeypatch.setattr("people.deletion.BATCH", 2)
    delete_people([ben])
    assert {(image.via, image.found_by) for image in Image.objects.all()} == {(None, None)}
    assert Image.objects.count() == len(mine)


def others(count: int) -> list[User]:
    return [User.objects.create_user(f"person{number}") for number in range(count)]


@pytest.mark.django_db(transaction=True)
def test_an_image_that_was_deleted_meanwhile_is_not_found(as_ana: Client, image: Image) -> None:
    gone = Image.objects.get()
    image.delete()
    with pytest.raises(DeletedError):
        gone.save_again(gone.user)
    assert as_ana.post(f"/images/{gone.pk}/save/").status_code == 404
    assert not Image.objects.exists()


def test_get_saves_nothing(as_ana: Client, image: Image) -> None:
    assert as_ana.get(f"/images/{image.pk}/save/").status_code == 405
    assert Image.objects.get() == image
