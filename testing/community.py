"""A small community for the browser tests: three people with images, follows and likes."""

from dataclasses import dataclass

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import User
from django.urls import reverse

from home.unsubscribe import unsubscribe_path
from images.models import Image
from people.models import Contact, Profile
from testing.fixtures.images import sanitized
from testing.fixtures.people import PASSWORD
from testing.paths import SIGNED_IN_PATHS, paths_of

SIZES = [(900, 600), (60, 40), (300, 900), (1600, 400)]


@dataclass
class Names:
    """The name and username of a community's people, and the title of their images."""

    person: str
    username: str
    title: str


PLAIN_NAMES = Names("Ana Silva", "ana", "A bird on a branch")
LONG_NAMES = Names("Wolfeschlegelsteinhausenbergerdorff" + "Hubert" * 5, "w" * 28, "Bird" * 15)
RIGHT_TO_LEFT_NAMES = Names("שרה בת אברהם", "مريم", "صورة القمر فوق البحر في ليلة صيف هادئة")


@dataclass
class Community:
    """A viewer, a friend whom the viewer follows, and an image that each of them saved."""

    viewer: User
    friend: User
    own_image: Image
    friends_image: Image

    @property
    def paths(self) -> list[str]:
        """Return the paths of all pages that the viewer can open."""
        own_pages = ["image_edit", "image_delete", "image_likes"]
        return [
            *SIGNED_IN_PATHS,
            *paths_of(self.viewer),
            *paths_of(self.friend),
            *(reverse(name, args=[self.own_image.pk]) for name in own_pages),
            self.own_image.get_absolute_url(),
            self.friends_image.get_absolute_url(),
        ]

    @property
    def paths_in_mail(self) -> list[str]:
        """Return the paths of links in mail: to confirm an address, to choose a new password, and
        to end the weekly mail.
        """
        key = EmailConfirmationHMAC(EmailAddress.objects.get(email=self.viewer.email)).key
        token = default_token_generator.make_token(self.viewer)
        return [
            reverse("account_confirm_email", args=[key]),
            f"/accounts/password/reset/key/{user_pk_to_url_str(self.viewer)}-{token}/",
            unsubscribe_path(self.viewer),
        ]


def make_community(names: Names) -> Community:
    """Create three people with images, follows and likes."""
    viewer, friend, other = (make_person(names, suffix) for suffix in ("", "2", "3"))
    EmailAddress.objects.create(user=viewer, email=viewer.email, primary=True)
    EmailAddress.objects.create(user=viewer, email=f"other.{viewer.email}", verified=True)
    for follower, followed in ((viewer, friend), (friend, viewer), (friend, other)):
        Contact.objects.follow(follower, followed)
    Profile.objects.filter(user=viewer).update(weekly_digest=True)
    own_image = save_image(viewer, names.title, SIZES[0])
    images = [
        save_image(friend, f"{names.title}{number}", size) for number, size in enumerate(SIZES)
    ]
    for image in (own_image, *images):
        image.like(friend)
    for image in (own_image, images[-1]):
        image.like(viewer)
    return Community(viewer, friend, own_image, friends_image=images[-1])


def make_person(names: Names, suffix: str) -> User:
    return User.objects.create_user(
        names.username + suffix,
        email=f"{names.username}{suffix}@example.org",
        password=PASSWORD,
        first_name=names.person + suffix,
    )


def save_image(user: User, title: str, size: tuple[int, int]) -> Image:
    return Image.objects.bookmark(
        user,
        sanitized("teal", size),
        title=title,
        description=f"{title}. " * 3,
        url="https://www.example.org/birds",
    )
