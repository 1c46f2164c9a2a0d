"""A confirmation link works once, and says afterwards that the address is confirmed."""

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(ana: User) -> EmailAddress:
    return EmailAddress.objects.create(user=ana, email="ana@example.org", primary=True)


@pytest.fixture
def link(address: EmailAddress) -> str:
    return f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/"


def heading(client: Client, link: str) -> str:
    return client.get(link).text.partition("<h1>")[2].partition("</h1>")[0]


def test_a_link_that_is_used_again_says_that_the_address_is_confirmed(
    client: Client, address: EmailAddress, link: str
) -> None:
    client.post(link)
    address.refresh_from_db()
    assert address.verified
    assert heading(client, link) == "This address is confirmed"
    response = client.post(link)
    assert (response.status_code, "This address is confirmed" in response.text) == (200, True)


def test_a_link_for_a_deleted_address_says_that_it_no_longer_works(
    client: Client, address: EmailAddress, link: str
) -> None:
    address.delete()
    assert heading(client, link) == "This link no longer works"
    assert client.post(link).status_code == 404


def test_a_link_with_a_made_up_key_says_that_it_no_longer_works(
    client: Client, address: EmailAddress
) -> None:
    address.verified = True
    address.save()
    assert (
        heading(client, f"/accounts/confirm-email/{address.pk}:x:y/") == "This link no longer works"
    )
