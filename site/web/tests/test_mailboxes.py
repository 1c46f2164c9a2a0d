"""Spellings that reach one mailbox are counted together, other addresses separately."""

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
def test_other_spellings_of_a_mailbox_are_counted_together(email: str) -> None:
    assert limit_key(email) == limit_key("x+other@example.org")
    assert limit_key(email) != limit_key("x@example.org")


@pytest.mark.parametrize("email", ["X@Example.org", " x@example.org "])
def test_case_and_surrounding_space_make_no_difference(email: str) -> None:
    assert limit_key(email) == limit_key("x@example.org")


@pytest.mark.parametrize("email", ["y+1@example.org", "x+1@example.com", "y@example.org"])
def test_another_mailbox_is_counted_separately(email: str) -> None:
    assert limit_key(email) not in {limit_key("x+1@example.org"), limit_key("x@example.org")}


def test_a_text_that_is_too_long_for_an_address_is_cut_before_it_is_normalized() -> None:
    assert len(limit_key("\ufdfa" * 1_000_000)) < 10_000
