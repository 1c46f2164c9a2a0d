"""docs/security.md names tests that there are, and figures that hold."""

import re
from typing import cast

import pytest
from allauth.account import app_settings as account
from django.conf import settings
from django.forms import CharField

from images import sanitize as clean
from images.fetching import fetch
from images.models import Image
from imaging import admission, decode, pool
from people import mail_limits, password_guesses, photos, usernames
from people.forms import MAX_AGE, ProfileForm
from web import bounds, errors, fields

MB = 1024 * 1024
FIRST_NAME = cast("CharField", ProfileForm.base_fields["first_name"])

TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
PAGE = (settings.BASE_DIR / "docs/security.md").read_text()


def test_every_row_names_a_test() -> None:
    rows = re.findall(r"^\| \d+\..*$", PAGE, re.MULTILINE)
    assert rows
    assert [row for row in rows if not TEST.search(row)] == []


def test_every_test_that_is_named_is_there() -> None:
    missing = [
        (file, name)
        for file, name in TEST.findall(PAGE)
        if f"def {name}(" not in (settings.BASE_DIR / file).read_text()
    ]
    assert missing == []


def test_limits_are_those_of_the_settings() -> None:
    listed = dict(re.findall(r"^\| `([\w:]+)` (\|.*)$", PAGE, re.MULTILINE))
    kinds = ("user", "ip", "email")
    limits = {
        url: "|" + "|".join(f" {amounts[per]} " if per in amounts else " " for per in kinds) + "|"
        for url, amounts in settings.RATE_LIMITS.items()
    }
    assert listed == limits


@pytest.mark.parametrize(
    "figure",
    [
        f"Usernames of up to {usernames.MAX_LENGTH} letters",
        f"names of up to {FIRST_NAME.max_length} characters",
        f"titles of up to {Image._meta.get_field('title').max_length}",
        f"descriptions of up to {Image._meta.get_field('description').max_length}",
        f"address has up to {fields.MAX_EMAIL_LENGTH} characters",
        f"names no maximum up to {fields.MAX_LENGTH}",
        f"form together up to {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MB} MB",
        f"each header, up to {bounds.MAX_LINE}",
        f"in the last {MAX_AGE} years",
        f"images of up to {clean.MAX_BYTES // MB} MB, photos of people of up to"
        f" {photos.MAX_BYTES // MB} MB",
        f"up to {decode.MAX_PIXELS // 10**6} megapixels",
        f"a WebP of up to {decode.MAX_WEBP_PIXELS // 10**6}",
        f"more than {errors.MAX_BODY // MB} MB is refused",
        f"new password is the other way, for {settings.PASSWORD_RESET_TIMEOUT // 3600} hour",
        f"works for {account.EMAIL_CONFIRMATION_EXPIRE_DAYS} days",
        f"ends {settings.SESSION_COOKIE_AGE // (24 * 3600)} days after signing in",
        f"Fetching: {settings.FETCH_SLOTS} at once on a machine, {fetch.MAX_SECONDS} seconds and"
        f" {clean.MAX_BYTES // MB} MB each",
        f"Decoding: {settings.DECODE_SLOTS} images at once on a machine",
        f"killed after {pool.CPU_SECONDS} seconds of processor time, {pool.SECONDS} seconds",
        f"at {pool.MEGABYTES + 10} MB",
        f"waits up to {admission.PATIENCE} seconds",
    ],
)
def test_figures_are_those_of_the_code(figure: str) -> None:
    assert figure in " ".join(PAGE.split())


def test_wrong_passwords_and_mails_are_counted_as_it_says() -> None:
    page = " ".join(PAGE.split())
    account, network = password_guesses.FOR_ACCOUNT, password_guesses.FROM_NETWORK
    assert password_guesses.FOR_NAME[1:] == account[1:]
    assert f"{account.amount} in {account.seconds // 60} minutes for one account" in page
    assert f"{network.amount} a minute from one network" in page
    assert network.seconds == 60
    person, mailbox = mail_limits.OF_PERSON, mail_limits.TO_MAILBOX
    assert f"a person can have {person.amount} confirmation mails sent in a day" in page
    assert f"one mailbox gets {mailbox.amount} in a day" in page
    assert person.seconds == mailbox.seconds == 24 * 60 * 60
    daily = settings.DAILY_RATE_LIMITS
    signups, resets = (daily[f"account_{name}"]["ip"] for name in ("signup", "reset_password"))
    assert f"one network causes {signups} sign-ups and {resets} resets in a day" in page
    owner, stranger = mail_limits.NOTICES, mail_limits.UNCONFIRMED_NOTICES
    assert f"confirmed address gets up to {owner.amount} notices" in page
    assert f"one mailbox gets {stranger.amount} notices in a day" in page
    assert owner.seconds == stranger.seconds == 24 * 60 * 60
    hourly = settings.HOURLY_RATE_LIMITS["account_reset_password"]["email"]
    assert f"one address {hourly} times an hour" in page
