"""Suggestions of people to follow."""

from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from e2e.conftest import scripts_on
from people.models import Contact, Dismissal
from testing.people import count_image

BOX = """element => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range.getBoundingClientRect().toJSON();
}"""


def test_a_dismissed_person_is_suggested_no_longer(
    page: Page, viewer: User, ben: User, cleo: User
) -> None:
    for person, other in ((ben, cleo), (cleo, ben)):
        Contact.objects.follow(person, other)
        count_image(person)
    page.goto("/")
    suggestions = page.get_by_role("region", name="People to follow")
    suggestions.get_by_role("button", name="Not interested in Ben Okafor").click()
    expect(suggestions.get_by_role("link", name="Ben Okafor")).to_have_count(0)
    expect(suggestions.get_by_role("button", name="Follow cleo", exact=True)).to_be_visible()
    assert Dismissal.objects.get().person == ben
    page.reload()
    expect(suggestions.get_by_role("link", name="cleo")).to_be_visible()
    expect(suggestions.get_by_role("link", name="Ben Okafor")).to_have_count(0)


@scripts_on
def test_controls_hide_no_text_on_a_narrow_screen(
    page: Page, viewer: User, ben: User, person: Callable[..., User]
) -> None:
    count_image(ben)
    for number in range(12):
        Contact.objects.follow(person(f"person{number:02}"), ben)
    page.goto("/welcome/people/")
    for name in ("Follow", "Unfollow"):
        button = page.get_by_role("button", name=f"{name} Ben Okafor", exact=True)
        expect(button).to_be_visible()
        for width in (320, 360, 400, 800, 1300):
            page.set_viewport_size({"width": width, "height": 640})
            box, text = (
                each.evaluate(BOX) for each in (button, page.get_by_text("followers").first)
            )
            is_beside = text["right"] <= box["left"] or text["bottom"] <= box["top"]
            assert is_beside, (name, width)
        button.click()
