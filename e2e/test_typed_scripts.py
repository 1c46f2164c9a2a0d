"""No script that a person typed ever runs in a browser."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Dialog, Page, expect

from e2e.conftest import scripts_on
from images.models import Image
from images.sanitize import sanitize
from people.models import Contact
from testing.image_files import image_file

ATTACKS = [
    "<script>ran()</script>",
    "\"><img src=x onerror=ran()><b x='",
    "'><svg onload=ran()>",
    "</title></textarea></script><script>ran()</script>",
    '" autofocus onfocus=ran() hx-on:load=ran() x="',
    "{{ 7|add:4704 }}{% debug %}${ran()}`${ran()}`",
    "javascript:ran()",
    "<a href=javascript:ran()>x</a><style>*{display:none}</style>",
    "<div hx-get=/people/ hx-trigger=load hx-swap=outerHTML>x</div>",
    "&lt;script&gt;ran()&lt;/script&gt;\\u003cscript\\u003e",
]
WATCH = """
window.ran = () => { window.hasRun = true };
document.addEventListener("securitypolicyviolation", (event) => {
  window.violated = (window.violated ?? "") + event.violatedDirective + event.blockedURI;
});
"""

pytestmark = scripts_on


@pytest.fixture
def page(page: Page) -> Page:
    """Record scripts that run, and fail if one opens a dialog."""

    def refuse(dialog: Dialog) -> None:
        dialog.dismiss()
        raise AssertionError(dialog.message)

    page.on("dialog", refuse)
    page.add_init_script(WATCH)
    return page


def assert_nothing_ran(page: Page) -> None:
    assert page.evaluate("[window.hasRun, window.violated]") == [None, None]
    assert page.locator("[onerror], [onload], [onfocus], [hx-on\\:load]").count() == 0
    assert (
        page.locator(
            "script:not([src]), main style, [href^='javascript:' i]:not(#bookmarklet)"
        ).count()
        == 0
    )
    assert "4711" not in page.content()


def create_attacker(number: int, attack: str) -> User:
    """Create a user whose name is an attack. Old rows may contain names that forms now refuse."""
    safe = attack.replace("/", "")
    name = f"u{number}"
    fields = {"first_name": attack[:60], "last_name": safe[:60], "email": f"{name}@example.org"}
    user = User.objects.create_user(name, **fields)
    User.objects.filter(pk=user.pk).update(username=f"{safe[:100]}{number}")
    return User.objects.get(pk=user.pk)


@pytest.fixture
def attack_images(viewer: User) -> list[Image]:
    """Return images of people who have filled every field with attacks."""
    User.objects.update(is_staff=True, is_superuser=True)
    sanitized = sanitize(image_file("teal", (60, 40)))
    images = []
    for number, attack in enumerate(ATTACKS):
        attacker = create_attacker(number, attack)
        texts = {"title": attack, "description": f"{attack}\n\n{attack}", "url": ""}
        image = Image.objects.bookmark(attacker, sanitized, **texts)
        image.like(attacker)
        Contact.objects.follow(viewer, attacker)
        Contact.objects.follow(attacker, viewer)
        images.append(image)
    return images


def test_stored_scripts_run_on_no_page(page: Page, attack_images: list[Image]) -> None:
    one = attack_images[1]
    profile = quote(f"/people/{one.user.username}/")
    paths = ["/", "/stream/", "/people/", "/images/", "/people/ana/followers/", profile]
    paths += ["/people/ana/following/", f"{profile}activity/", f"{profile}followers/"]
    paths += [image.get_absolute_url() for image in attack_images]
    paths += [f"/images/{one.pk}/likes/"]
    paths += [f"/admin/{model}/" for model in ("images/image", "auth/user", "people/profile")]
    paths += [f"/admin/{model}/" for model in ("people/contact", "stream/action")]
    paths += [f"/admin/images/image/{one.pk}/change/", f"/admin/auth/user/{one.user.pk}/delete/"]
    for path in paths:
        response = page.goto(path)
        assert response
        assert response.status == 200, path
        assert_nothing_ran(page)


def test_stored_scripts_do_not_run_in_partials(page: Page, attack_images: list[Image]) -> None:
    for image in (attack_images[0], attack_images[1], attack_images[4]):
        page.goto(image.get_absolute_url())
        page.get_by_role("button", name="Like").click()
        expect(page.locator(f"#like-{image.pk}-button")).to_contain_text("Unlike")
        assert_nothing_ran(page)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_refused_form_shows_scripts_as_text(page: Page, viewer: User, attack: str) -> None:
    page.goto("/images/add/?" + urlencode({"url": attack, "title": attack, "next": attack}))
    expect(page.get_by_label("Title")).to_have_value(attack)
    assert_nothing_ran(page)
    page.goto("/settings/")
    page.get_by_label("First name").fill(attack[:60])
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_role("status").first).to_contain_text("saved")
    expect(page.get_by_role("heading", level=1)).to_contain_text(attack[:20].split("\n")[0])
    assert_nothing_ran(page)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_script_in_the_address_does_not_run(
    page: Page, viewer: User, console_errors: list[str], attack: str
) -> None:
    query = urlencode(dict.fromkeys(("before", "after", "next", "q", "page", "shown"), attack))
    for path in ("/stream/", "/people/", "/images/", f"/people/{quote(attack, safe='')}/"):
        page.goto(f"{path}?{query}")
        assert_nothing_ran(page)
    page.context.clear_cookies()
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/admin/"):
        page.goto(f"{path}?{query}#{quote(attack)}")
        assert_nothing_ran(page)
    # Some of these addresses answer 404.
    console_errors[:] = [text for text in console_errors if "Failed to load resource" not in text]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:ran()",
        "JAVASCRIPT:ran()",
        "java\tscript:ran()",
        "data:text/html,<script>ran()</script>",
        "data:image/svg+xml,<svg onload=ran()>",
        "vbscript:ran()",
        "blob:x",
        "file:///etc/passwd",
        "view-source:javascript:ran()",
    ],
)
def test_a_javascript_address_is_refused(
    page: Page, viewer: User, expect_console_error: Callable[[str], None], url: str
) -> None:
    page.goto("/images/add/")
    page.get_by_label("Title").fill("A bird")
    page.get_by_label("Address").fill(url)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#id_url_error")).not_to_be_empty()
    expect_console_error("422")
    assert_nothing_ran(page)
    assert not Image.objects.exists()


@pytest.mark.parametrize("name", ["x.svg", "x.png", "x.html", "x.gif"])
def test_an_svg_with_a_script_is_refused(
    page: Page, viewer: User, expect_console_error: Callable[[str], None], name: str
) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="ran()"><script>ran()</script></svg>'
    file = {"name": name, "mimeType": "image/png", "buffer": svg}
    page.goto("/images/add/")
    page.get_by_label("Title").fill("A bird")
    page.get_by_label("Or files").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#id_upload_error")).not_to_be_empty()
    expect_console_error("422")
    assert_nothing_ran(page)
    assert not Image.objects.exists()
