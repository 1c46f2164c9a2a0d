"""Being told, before a picture is saved, who has it already."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from images.doubles import double_of
from images.files import ImageFile
from images.hash_parts import HashPart
from images.models import Image
from images.sanitize import preview, sanitize
from people.deactivation import deactivate
from testing.image_files import encode, image_file, noise
from testing.markup import has, text_of
from testing.page_forms import forms_of

pytestmark = pytest.mark.django_db
Save = Callable[..., Any]
SCENE = noise(size=(6, 6)).resize((600, 400))
DATA = encode(SCENE, "JPEG", quality=95)
SMALLER = encode(SCENE.resize((450, 300)), "WEBP", quality=60)
OTHER = encode(noise(size=(6, 6), seed=2).resize((600, 400)), "JPEG")


def have(user: User, data: bytes = DATA, title: str = "A heron", **fields: str) -> Image:
    return Image.objects.bookmark(user, sanitize(data), title=title, **fields)


def told(response: Any) -> str:
    """Return what a response to Save says instead of saving."""
    assert response.status_code == 422
    return text_of(response.text, ".double p")


def answer(client: Client, response: Any, **changes: Any) -> Any:
    """Press Save in the form of a response."""
    fields = {
        name: response.context["form"][name].value() or ""
        for name in ("title", "alt", "description", "url", "page_url", "credit")
    }
    listed = response.context["form"].listed
    fields["kept"] = [*(picture.token for picture in listed), ""]
    fields["known"] = [picture.double.key for picture in listed if picture.double]
    return client.post("/images/add/", fields | changes)


def credit(image: Image, response: Any) -> str:
    """Return the value of the box that gives credit to the owner of an image."""
    [picture] = response.context["form"].listed
    value = f"{image.pk}-{picture.file.digest}"
    assert has(response.text, f'[name="with_credit"][value="{value}"]')
    return value


def test_an_image_that_nobody_has_is_saved_at_once(save: Save, ben: User) -> None:
    have(ben)
    assert save(OTHER).status_code == 303


def test_ones_own_is_named_with_its_day_and_linked(save: Save, ana: User) -> None:
    image = have(ana)
    Image.objects.update(created=datetime(2025, 5, 3, tzinfo=UTC))
    response = save(DATA)
    assert told(response) == "You saved this on 3 May 2025."
    assert has(response.text, f'.double a[href="{image.get_absolute_url()}"]')
    assert not has(response.text, '[name="with_credit"]')
    assert Image.objects.count() == 1


def test_that_of_others_is_named_with_its_first_owner_and_their_number(
    save: Save, ben: User, cleo: User
) -> None:
    image = have(ben)
    assert told(save(DATA)) == "Ben Okafor has this."
    image.save_again(cleo)
    assert told(save(DATA)) == "Ben Okafor and 1 other have this."
    for name in ("dan", "eve"):
        image.save_again(User.objects.create_user(name))
    have(ben, title="Once more")
    assert told(save(DATA)) == "Ben Okafor and 3 others have this."
    deactivate([ben])
    assert told(save(DATA)) == "cleo and 2 others have this."


def test_a_file_downloaded_from_magpie_counts(save: Save, ben: User) -> None:
    with have(ben).image.open() as file:
        downloaded = file.read()
    assert told(save(downloaded)) == "Ben Okafor has this."


def test_a_file_with_other_metadata_counts(save: Save, ben: User) -> None:
    have(ben, image_file("olive"))
    assert told(save(image_file("olive", comment=b"other"))) == "Ben Okafor has this."


def test_a_smaller_copy_is_a_question(save: Save, ana: User, ben: User) -> None:
    image = have(ben)
    response = save(SMALLER)
    assert told(response) == "Ben Okafor has an image like this. Is it the same?"
    assert has(response.text, f'.double img[src="{image.image.urls["thumbnail_jpeg"]}"]')
    have(ana)
    assert "You saved an image like this on" in told(save(SMALLER))


def test_a_copy_that_was_not_saved_in_the_end_is_still_a_question(
    save: Save, ana: User, ben: User
) -> None:
    image = have(ben)
    assert "an image like this" in told(save(SMALLER))
    small = preview(SMALLER, (240, 240))
    double = double_of(ana, small.received, small.pixels)
    assert double
    assert double.other == image


def test_saving_once_more_saves_a_second_image_of_the_same_file(
    save: Save, as_ana: Client, ana: User
) -> None:
    have(ana)
    response = save(DATA, title="Mine again", description="My words")
    assert 'value="Mine again"' in response.text
    assert answer(as_ana, response)["Location"].endswith("/mine-again/")
    assert ana.images_created.count() == 2
    assert ana.images_created.filter(description="My words").count() == 1
    assert ImageFile.objects.count() == 1


def test_a_second_press_asks_nothing(save: Save, ana: User) -> None:
    assert save(DATA)["Location"] == save(DATA)["Location"]
    assert ana.images_created.count() == 1


@pytest.mark.parametrize("data", [DATA, SMALLER])
def test_it_can_be_saved_with_credit_under_ones_own_words(
    save: Save, as_ana: Client, ana: User, ben: User, data: bytes
) -> None:
    image = have(ben, page_url="https://birds.example/heron", alt="A grey heron")
    response = save(data, title="My heron", description="My words")
    assert not has(response.text, '[name="with_credit"][checked]')
    answer(as_ana, response, with_credit=credit(image, response))
    mine = ana.images_created.get()
    assert (mine.file, mine.via) == (image.file, ben)
    assert (mine.title, mine.alt, mine.description) == ("My heron", "A grey heron", "My words")
    assert mine.page_url == "https://birds.example/heron"


def test_of_two_pictures_like_one_image_only_that_which_is_checked_gets_its_file(
    as_ana: Client, ana: User, ben: User
) -> None:
    image = have(ben)
    other = encode(SCENE.resize((500, 333)), "JPEG", quality=80)
    uploads = [SimpleUploadedFile("a.webp", SMALLER), SimpleUploadedFile("b.jpg", other)]
    response = as_ana.post("/images/add/", {"upload": uploads})
    second = response.context["form"].listed[1]
    assert second.double.other == image
    answer(as_ana, response, with_credit=f"{image.pk}-{second.file.digest}")
    mine = ana.images_created.order_by("pk")
    assert [(each.title, each.via) for each in mine] == [("a", None), ("b", ben)]


def test_if_the_image_to_give_credit_to_is_gone_ones_own_is_saved(
    save: Save, as_ana: Client, ana: User, ben: User
) -> None:
    image = have(ben)
    response = save(DATA)
    value = credit(image, response)
    image.delete()
    answer(as_ana, response, with_credit=value)
    assert ana.images_created.get().via is None


def test_of_several_files_those_that_are_unchecked_are_left_out(
    as_ana: Client, ana: User, ben: User
) -> None:
    have(ben)
    uploads = [SimpleUploadedFile("old.jpg", DATA), SimpleUploadedFile("new.jpg", OTHER)]
    response = as_ana.post("/images/add/", {"upload": uploads})
    assert told(response) == "Ben Okafor has this."
    assert not ana.images_created.exists()
    tokens = [picture.token for picture in response.context["form"].listed]
    assert has(response.text, f'[name="kept"][value="{tokens[1]}"][checked]')
    answer(as_ana, response, kept=tokens[1:])
    assert ana.images_created.get().title == "new"


def test_a_preview_says_it_beside_the_picture_and_saving_asks_no_more(
    web: str, as_ana: Client, save: Save, ben: User
) -> None:
    save(url=f"{web}/bird.jpg")
    Image.objects.update(user=ben)
    html = as_ana.post("/images/add/", {"preview": "1", "url": f"{web}/bird.jpg"}).text
    assert text_of(html, ".double p") == "Ben Okafor has this."
    [form] = [form for form in forms_of(html, "/images/add/") if "known" in form.values]
    known = form.values["known"]
    assert save(url=f"{web}/bird.jpg", known=known).status_code == 303
    html = as_ana.post("/images/add/", {"preview": "1", "url": f"{web}/page"}).text
    assert "You saved this on" in text_of(html, "li .double p")


def test_pictures_of_a_page_are_kept_with_their_facts(
    web: str, as_ana: Client, save: Save, ana: User, ben: User
) -> None:
    urls = [f"{web}/bird.jpg", f"{web}/nest.png"]
    data = {"url": f"{web}/page", "title": "Birds", "picture": urls}
    as_ana.post("/images/add/", data)
    Image.objects.update(user=ben)
    response = as_ana.post("/images/add/", data)
    assert told(response) == "Ben Okafor has this."
    answer(as_ana, response)
    assert set(ana.images_created.values_list("url", "page_url")) == {
        (url, f"{web}/page") for url in urls
    }


def test_pictures_of_another_address_are_not_saved_in_its_place(
    web: str, as_ana: Client, ana: User, ben: User, save: Save
) -> None:
    save(url=f"{web}/bird.jpg")
    Image.objects.update(user=ben)
    response = save(url=f"{web}/bird.jpg")
    answer(as_ana, response, url=f"{web}/nest.png")
    assert ana.images_created.get().url == f"{web}/nest.png"


def test_a_token_works_for_nobody_else(
    save: Save, ana: User, ben: User, sign_in: Callable[[User], Client]
) -> None:
    have(ben)
    response = save(DATA)
    assert answer(sign_in(ben), response).status_code == 422
    assert not ana.images_created.exists()


def test_pictures_stay_in_the_form_when_a_field_has_an_error(
    save: Save, as_ana: Client, ana: User, ben: User
) -> None:
    have(ben)
    response = answer(as_ana, save(DATA), title="")
    assert list(response.context["form"].errors) == ["title"]
    answer(as_ana, response, title="A heron")
    assert ana.images_created.get().title == "A heron"


def test_what_was_checked_stays_checked_when_a_field_has_an_error(
    save: Save, as_ana: Client, ben: User
) -> None:
    image = have(ben)
    response = save(DATA)
    response = answer(as_ana, response, title="", with_credit=credit(image, response))
    assert has(response.text, '[name="with_credit"][checked]')


def test_what_was_checked_in_a_preview_stays_checked_when_the_title_is_missing(
    web: str, save: Save, as_ana: Client, ana: User, ben: User
) -> None:
    save(url=f"{web}/bird.jpg")
    Image.objects.update(user=ben)
    html = as_ana.post("/images/add/", {"preview": "1", "url": f"{web}/bird.jpg"}).text
    [form] = [form for form in forms_of(html, "/images/add/") if "known" in form.values]
    sent = {"url": f"{web}/bird.jpg"} | {
        name: form.values[name] for name in ("known", "with_credit")
    }
    for button in ({}, {"preview": "1"}):
        response = as_ana.post("/images/add/", sent | button)
        assert has(response.text, '[name="with_credit"][checked]')
    save(**sent)
    assert ana.images_created.get().via == ben


def test_files_can_be_added_to_a_question(save: Save, as_ana: Client, ana: User, ben: User) -> None:
    have(ben)
    response = save(DATA)
    colours = ("teal", "maroon", "olive", "navy", "purple", "gray", "lime", "red", "blue", "white")
    files = [(f"{name}.png", image_file(name)) for name in colours]
    kept = [response.context["form"].listed[0].token] * 41
    more = [SimpleUploadedFile(*file) for file in files]
    response = answer(as_ana, response, upload=more, kept=kept)
    assert list(response.context["form"].errors) == ["upload"]
    answer(as_ana, response, upload=[SimpleUploadedFile(*file) for file in files], kept=kept[:1])
    assert ana.images_created.count() == 11


def test_a_file_added_to_a_question_stays_chosen_when_a_field_has_an_error(
    save: Save, as_ana: Client, ben: User
) -> None:
    have(ben)
    response = save(DATA)
    assert not has(response.text, "#id_upload[hx-preserve]")
    response = answer(as_ana, response, title="", upload=SimpleUploadedFile("new.jpg", OTHER))
    assert has(response.text, "#id_upload[hx-preserve]")


def test_files_in_a_question_stay_when_an_address_is_previewed(
    web: str, save: Save, as_ana: Client, ana: User, ben: User
) -> None:
    have(ben)
    token = save(DATA).context["form"].listed[0].token
    fields = {"preview": "1", "url": f"{web}/page", "kept": [token, ""], "title": "A heron"}
    response = as_ana.post("/images/add/", fields)
    assert response.status_code == 200
    assert text_of(response.text, ".double p") == "Ben Okafor has this."
    answer(as_ana, response, url=f"{web}/page", title="A heron")
    assert ana.images_created.get().file == Image.objects.get(user=ben).file


def test_an_address_whose_picture_was_unchecked_is_not_saved(
    web: str, save: Save, as_ana: Client, ana: User, ben: User
) -> None:
    save(url=f"{web}/bird.jpg")
    Image.objects.update(user=ben)
    response = save(url=f"{web}/bird.jpg")
    assert answer(as_ana, response, kept="").status_code == 422
    assert not ana.images_created.exists()


def test_prune_makes_the_hashes_of_earlier_files(save: Save, ben: User) -> None:
    have(ben)
    HashPart.objects.all().delete()
    ImageFile.objects.update(perceptual_hash=None)
    call_command("prune")
    assert told(save(SMALLER)) == "Ben Okafor has an image like this. Is it the same?"


def test_a_picture_of_one_colour_is_like_no_other(ben: User) -> None:
    have(ben, image_file("teal"))
    assert ImageFile.objects.get().perceptual_hash == ""
    assert not HashPart.objects.exists()
