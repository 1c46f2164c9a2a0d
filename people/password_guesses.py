"""Limits on wrong passwords.

A wrong password counts for the account, for the name that was typed, and for the sender's network.
Only the limits of name and network are shown. "Too many failed attempts" for one name after wrong
passwords for another would reveal that both names belong to one account.
"""

from collections.abc import Iterable
from time import time

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

from people.models import Profile
from people.usernames import skeleton
from web.limits import MINUTE, Limit, client_network

FROM_NETWORK = Limit("wrong password from network", 10, MINUTE)
FOR_NAME = Limit("wrong password for name", 5, 5 * MINUTE)
FOR_ACCOUNT = Limit("wrong password for account", 5, 5 * MINUTE)


class PasswordGuess:
    """A password to check. It counts as wrong first, and is refunded if it turns out right."""

    def __init__(self) -> None:
        self._at = time()
        self._counts: list[tuple[Limit, object]] = []

    def is_name_open(self, request: HttpRequest, login: str) -> bool:
        """Count the guess for the sender's network and the typed name; False if over a limit."""
        return self._count(FROM_NETWORK, client_network(request)) and self._count(
            FOR_NAME, skeleton(login)
        )

    def are_accounts_open(self, accounts: Iterable[object]) -> bool:
        """Count the guess for all accounts whose password it may be; False if over a limit."""
        is_open = [self._count(FOR_ACCOUNT, account) for account in accounts]
        return all(is_open)

    def refund(self) -> None:
        for limit, key in self._counts:
            limit.refund(key, at=self._at)

    def _count(self, limit: Limit, key: object) -> bool:
        self._counts.append((limit, key))
        return limit.count(key, at=self._at)


def accounts_named(login: str) -> set[object]:
    """Return the accounts that a username or an address may sign in to.

    An unknown name counts as an account of its own, so that it takes as long as a known one.
    """
    name = skeleton(login)
    named = Profile.objects.filter(username_skeleton=name)
    accounts: set[object] = set(named.values_list("user", flat=True))
    accounts |= set(_confirmed(email=login.lower()).values_list("user", flat=True))
    return accounts or {f"unknown {name}"}


def forget_guesses(user: User) -> None:
    """Let the owner of an account sign in at once after a password reset."""
    FOR_ACCOUNT.clear(user.pk)
    addresses = _confirmed(user=user).values_list("email", flat=True)
    for name in (user.get_username(), *addresses):
        FOR_NAME.clear(skeleton(name))


def _confirmed(**fields: object) -> QuerySet[EmailAddress]:
    return EmailAddress.objects.filter(verified=True, **fields)
