"""Files can be dropped anywhere on the page that saves images, or pasted."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import FilePayload, Locator, Page, expect

from e2e.conftest import scripts_on
from images.models import Image
from testing.image_files import encode, noise

pytestmark = scripts_on

# Dispatches an event with files and texts on an element. Returns whether the browser goes on.
DISPATCH = """(element, [type, files, texts]) => {
  const transfer = new DataTransfer();
  for (const [name, bytes] of files)
    transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
  for (const [kind, text] of Object.entries(texts)) transfer.setData(kind, text);
  const options = { bubbles: true, cancelable: true };
  if (type == "paste") options.clipboardData = transfer; else options.dataTransfer = transfer;
  const Kind = type == "paste" ? ClipboardEvent : DragEvent;
  return element.dispatchEvent(new Kind(type, options));
}"""


@pytest.fixture
def add_page(page: Page, viewer: User) -> Page:
    page.goto("/images/add/")
    return page


def dispatch(
    target: Locator, kind: str, files: tuple[str, ...] = (), texts: dict[str, str] | None = None
) -> bool:
    """Return whether the browser does what it does without the script."""
    data = [[name, list(encode(noise(seed=sum(name.encode())), "PNG"))] for name in files]
    return bool(target.evaluate(DISPATCH, [kind, data, texts or {}]))


def chosen(page: Page) -> object:
    script = "input => [...input.files].map(({ name }) => name)"
    return page.get_by_label("Or files").evaluate(script)


def test_the_page_says_that_files_can_be_dropped_and_pasted(add_page: Page) -> None:
    expect(add_page.get_by_text("drop them anywhere on this page")).to_be_visible()


def test_dropped_and_pasted_files_are_added_and_saved(add_page: Page) -> None:
    page = add_page
    assert not dispatch(page.locator("h1"), "drop", ("a.png", "b.png"))
    assert not dispatch(page.locator("body"), "paste", ("image.png",))
    assert chosen(page) == ["a.png", "b.png", "image.png"]
    names = page.locator("#uploads").get_by_role("listitem")
    expect(names).to_have_count(3)
    expect(page.locator("#uploads").get_by_role("status")).to_have_text("Ready to save: 3")
    page.get_by_role("button", name="Remove b.png").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 images are saved.")).to_be_visible()
    assert {image.title for image in Image.objects.all()} == {"a", "image"}


def test_files_unfold_their_field(page: Page, viewer: User, web: str) -> None:
    page.goto(f"/images/add/?page={web}/page")
    expect(page.get_by_role("checkbox").first).to_be_visible()
    expect(page.get_by_label("Or files")).to_be_hidden()
    dispatch(page.locator("body"), "paste", ("a.png",))
    expect(page.get_by_label("Or files")).to_be_visible()
    expect(page.get_by_text("Ready to save: 1")).to_be_visible()


def test_a_single_pasted_picture_is_an_ordinary_upload(add_page: Page) -> None:
    page = add_page
    dispatch(page.get_by_label("Title"), "paste", ("image.png",))
    page.get_by_label("Title").fill("A bird")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="A bird")).to_be_visible()


def test_dropped_files_are_added_to_those_chosen_before(add_page: Page) -> None:
    page = add_page
    file: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": encode(noise(), "PNG")}
    page.get_by_label("Or files").set_input_files(file)
    dispatch(page.get_by_label("Or files"), "drop", ("b.png",))
    assert chosen(page) == ["a.png", "b.png"]


@pytest.mark.parametrize("label", ["Title", "Description"])
def test_pasted_text_stays_text(add_page: Page, label: str) -> None:
    field = add_page.get_by_label(label)
    assert dispatch(field, "paste", texts={"text/plain": "A bird"})
    # A spreadsheet copies its cells with a picture of them.
    assert dispatch(field, "paste", ("image.png",), {"text/plain": "A bird"})
    assert chosen(add_page) == []


def test_a_dropped_address_goes_into_its_field(add_page: Page, web: str) -> None:
    page = add_page
    address = f"{web}/bird.jpg"
    # Browsers also hand over a dragged image as a file.
    files = ("bird.jpg",)
    assert not dispatch(page.locator("h1"), "drop", files, {"text/uri-list": f"# A\r\n{address}"})
    expect(page.get_by_label("Address", exact=True)).to_have_value(address)
    expect(page.get_by_role("img", name="Preview of the image")).to_be_visible()
    assert chosen(page) == []


def test_other_drops_are_left_to_the_browser(add_page: Page) -> None:
    page = add_page
    link = {"text/uri-list": "https://birds.example/", "text/plain": "https://birds.example/"}
    for kind in ("dragover", "drop"):
        assert dispatch(page.locator("h1"), kind, texts={"text/plain": "A bird"})
        assert dispatch(page.get_by_label("Description"), kind, texts=link)
    expect(page.get_by_label("Address", exact=True)).to_have_value("")


def test_the_page_shows_that_it_takes_what_is_dragged_over_it(add_page: Page) -> None:
    page = add_page
    target = page.locator("html.drop-target")
    assert not dispatch(page.locator("h1"), "dragover", ("a.png",))
    expect(target).to_have_count(1)
    text = "form => getComputedStyle(form, '::after').content"
    assert page.locator("#bookmark-form").evaluate(text) == '"Drop to add"'
    dispatch(page.locator("h1"), "dragleave")
    expect(target).to_have_count(0)
    dispatch(page.locator("h1"), "dragover", ("a.png",))
    dispatch(page.locator("h1"), "drop", ("a.png",))
    expect(target).to_have_count(0)
