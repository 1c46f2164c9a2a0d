"""What a page says of itself fills fields until another address takes its place."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from testing.image_files import image_file
from testing.page_forms import forms_of

pytestmark = pytest.mark.django_db
Save = Callable[..., Any]


def fields(client: Client, **data: Any) -> dict[str, Any]:
    """Return what the form sends after a preview."""
    html = client.post("/images/add/", {"preview": "1", **data}).text
    [form] = [form for form in forms_of(html, "/images/add/") if "credit" in form.values]
    return {name: text for name, text in form.values.items() if name not in {"preview", "upload"}}


def test_a_preview_of_another_address_replaces_what_the_first_page_said(
    web: str, as_ana: Client
) -> None:
    filled = fields(as_ana, url=f"{web}/page", description="My words")
    assert filled["title"] == "A page about birds"
    other = fields(as_ana, **filled | {"url": f"{web}/bird.jpg"})
    assert (other["title"], other["page_url"], other["description"]) == ("", "", "My words")


def test_saving_from_another_address_does_not_keep_the_source_of_the_first(
    web: str, as_ana: Client, ana: User
) -> None:
    filled = fields(as_ana, url=f"{web}/page")
    assert filled["page_url"] == f"{web}/page"
    changed = filled | {"url": f"{web}/bird.jpg", "title": "My title", "picture": []}
    as_ana.post("/images/add/", changed)
    image = ana.images_created.get()
    assert (image.title, image.page_url) == ("My title", "")


def test_the_text_of_the_first_picture_is_not_that_of_another(
    web: str, as_ana: Client, ana: User
) -> None:
    filled = fields(as_ana, url=f"{web}/page") | {"alt": "A gull", "filled_alt": "A gull"}
    as_ana.post("/images/add/", filled | {"picture": f"{web}/nest.png"})
    assert ana.images_created.get().alt != "A gull"
    as_ana.post("/images/add/", filled | {"picture": f"{web}/bird.jpg", "alt": "Typed"})
    assert ana.images_created.order_by("pk").last().alt == "Typed"  # type: ignore[union-attr]


def test_the_title_of_a_browser_makes_way_for_that_of_the_page(web: str, as_ana: Client) -> None:
    handed = {"page": f"{web}/page", "title": "A page about birds | Example"}
    html = as_ana.get("/images/add/", handed).text
    [form] = [form for form in forms_of(html, "/images/add/") if "credit" in form.values]
    assert form.values["title"] == handed["title"]
    sent = {name: text for name, text in form.values.items() if name != "upload"}
    assert fields(as_ana, **sent)["title"] == "A page about birds"


def test_the_title_of_a_browser_stays_if_the_page_cannot_be_read(web: str, as_ana: Client) -> None:
    html = as_ana.get("/images/add/", {"page": f"{web}/missing", "title": "A title"}).text
    [form] = [form for form in forms_of(html, "/images/add/") if "credit" in form.values]
    sent = {name: text for name, text in form.values.items() if name != "upload"}
    assert fields(as_ana, **sent)["title"] == "A title"


def test_a_file_beside_chosen_pictures_has_a_source_of_its_own(
    web: str, as_ana: Client, ana: User
) -> None:
    upload = SimpleUploadedFile("mine.jpg", image_file("navy"))
    data = {"url": f"{web}/page", "title": "Both", "picture": f"{web}/nest.png", "upload": upload}
    as_ana.post("/images/add/", data)
    urls = ana.images_created.order_by("pk").values_list("url", "page_url")
    assert list(urls) == [("", ""), (f"{web}/nest.png", f"{web}/page")]
