"""How many wrong passwords are answered.

A wrong password counts for the account, whatever name was typed for it. It also counts for that
name and for the sender's network. Only those two are ever told of: "too many tries" after wrong
passwords for another name would say that both names belong to one account.
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
    """A password that is about to be checked: counted as wrong before, refunded if it was right."""

    def __init__(self) -> None:
        self._at = time()
        self._counted: list[tuple[Limit, object]] = []

    def is_name_open(self, request: HttpRequest, login: str) -> bool:
        """Count the guess for the sender's network and the typed name."""
        return self._count(FROM_NETWORK, client_network(request)) and self._count(
            FOR_NAME, skeleton(login)
        )

    def are_accounts_open(self, accounts: Iterable[object]) -> bool:
        """Count the guess for all accounts whose password it may be."""
        is_open = [self._count(FOR_ACCOUNT, account) for account in accounts]
        return all(is_open)

    def refund(self) -> None:
        for limit, who in self._counted:
            limit.refund(who, at=self._at)

    def _count(self, limit: Limit, who: object) -> bool:
        self._counted.append((limit, who))
        return limit.count(who, at=self._at)


def accounts_named(login: str) -> set[object]:
    """Return the accounts that a login name or address may sign in to.

    An unknown name stands for itself, so that it makes as much work.
    """
    name = skeleton(login)
    named = Profile.objects.filter(username_skeleton=name)
    accounts: set[object] = set(named.values_list("user", flat=True))
    accounts |= set(_confirmed(email=login.lower()).values_list("user", flat=True))
    return accounts or {f"unknown {name}"}


def forget_guesses(user: User) -> None:
    """Let a person sign in at once who has shown that the account is theirs."""
    FOR_ACCOUNT.clear(user.pk)
    addresses = _confirmed(user=user).values_list("email", flat=True)
    for name in (user.get_username(), *addresses):
        FOR_NAME.clear(skeleton(name))


def _confirmed(**fields: object) -> QuerySet[EmailAddress]:
    return EmailAddress.objects.filter(verified=True, **fields)
