"""A town for the browser tests: people, their images, and the addresses of all its pages."""

from dataclasses import dataclass

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from e2e.conftest import PASSWORD
from images.models import Image
from images.sanitize import clean
from people.models import Contact
from testing.web import picture

SIZES = [(900, 600), (60, 40), (300, 900), (1600, 400)]
FOR_STRANGERS = [
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-x/",
    "/accounts/password/reset/key/done/",
    "/accounts/inactive/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/x/",
]
FOR_MEMBERS = [
    "/",
    "/stream/",
    "/people/",
    "/profile/",
    "/images/",
    "/images/add/",
    "/images/bookmarklet/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
]
# For who has none yet.
TO_SET_A_PASSWORD = "/accounts/password/set/"
OF_A_PERSON = ["user_detail", "user_activity", "user_followers", "user_following"]
OF_AN_IMAGE = ["image_edit", "image_delete", "image_likes"]


@dataclass
class Names:
    """How the people of a town and their images are called."""

    person: str
    username: str
    title: str


PLAIN = Names("Ana Silva", "ana", "A bird on a branch")
LONG = Names("Wolfeschlegelsteinhausenbergerdorff" + "Hubert" * 5, "w" * 28, "Bird" * 15)
FROM_RIGHT_TO_LEFT = Names("שרה בת אברהם", "مريم", "صورة القمر فوق البحر في ليلة صيف هادئة")


@dataclass
class Town:
    """Somebody to sign in as, somebody whom they follow, and an image of each."""

    me: User
    friend: User
    mine: Image
    theirs: Image

    @property
    def addresses(self) -> list[str]:
        """The addresses of all pages that there are for `me`."""
        return [
            *FOR_MEMBERS,
            *addresses_of(self.me),
            *addresses_of(self.friend),
            *(reverse(name, args=[self.mine.pk]) for name in OF_AN_IMAGE),
            self.mine.get_absolute_url(),
            self.theirs.get_absolute_url(),
        ]

    @property
    def addresses_in_mails(self) -> list[str]:
        """The addresses to confirm an email address and to choose a new password."""
        key = EmailConfirmationHMAC(EmailAddress.objects.get(email=self.me.email)).key
        token = f"{user_pk_to_url_str(self.me)}-{default_token_generator.make_token(self.me)}"
        return [
            reverse("account_confirm_email", args=[key]),
            f"/accounts/password/reset/key/{token}/",
        ]


def addresses_of(user: User) -> list[str]:
    return [reverse(name, args=[user]) for name in OF_A_PERSON]


def settle(names: Names) -> Town:
    """Make three people who follow each other, with images that they like."""
    me, friend, other = (
        User.objects.create_user(
            names.username + end,
            email=f"{names.username}{end}@example.org",
            password=PASSWORD,
            first_name=names.person + end,
        )
        for end in ("", "2", "3")
    )
    EmailAddress.objects.create(user=me, email=me.email, primary=True)
    EmailAddress.objects.create(user=me, email=f"other.{me.email}", verified=True)
    for follower, followed in ((me, friend), (friend, me), (friend, other)):
        Contact.objects.follow(follower, followed)
    said = {"description": f"{names.title}. " * 3, "url": "https://www.example.org/birds"}
    mine = bookmark(me, names.title, SIZES[0], **said)
    images = [
        bookmark(friend, f"{names.title}{number}", size, **said)
        for number, size in enumerate(SIZES)
    ]
    for image in (mine, *images):
        image.like(friend)
    for image in (mine, images[-1]):
        image.like(me)
    return Town(me, friend, mine, theirs=images[-1])


def bookmark(user: User, title: str, size: tuple[int, int], **said: str) -> Image:
    return Image.objects.bookmark(user, clean(picture("teal", size)), title=title, **said)


def visit(page: Page, address: str) -> None:
    """Open a page, and wait for the feed that its script gets once it is in sight."""
    page.goto(address)
    page.evaluate("document.querySelector('.lazy-feed')?.scrollIntoView({ behavior: 'instant' })")
    expect(page.locator(".lazy-feed")).to_have_count(0)
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
