"""Spellings that reach one mailbox count together; other addresses count by themselves."""

import pytest

from web.mailboxes import limit_key


@pytest.mark.parametrize(
    "email",
    [
        "x+1@example.org",
        "X+Tag@Example.org",
        " x+1@example.org ",
        "x++@example.org",
        '"x"@example.org',
        '"\\x"@example.org',
        '"x+1"@example.org',
        "\uff58@example.org",
        "x@\uff45xample.org",
    ],
)
def test_other_spellings_of_a_mailbox_count_together(email: str) -> None:
    assert limit_key(email) == limit_key("x+other@example.org")
    assert limit_key(email) != limit_key("x@example.org")


@pytest.mark.parametrize("email", ["X@Example.org", " x@example.org "])
def test_a_plain_address_in_other_letters_is_the_same(email: str) -> None:
    assert limit_key(email) == limit_key("x@example.org")


@pytest.mark.parametrize("email", ["y+1@example.org", "x+1@example.com", "y@example.org"])
def test_another_mailbox_counts_for_itself(email: str) -> None:
    assert limit_key(email) not in {limit_key("x+1@example.org"), limit_key("x@example.org")}


def test_a_text_that_is_too_long_for_an_address_is_cut_before_folding() -> None:
    assert len(limit_key("\ufdfa" * 1_000_000)) < 10_000
