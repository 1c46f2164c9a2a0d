"""The staff delete images in the list of the admin."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from images.models import Image
from testing.waiting import second_waits

MANY = 1500


@pytest.mark.django_db
def test_more_than_a_thousand_images_can_be_deleted_at_once(
    ana: User, admin_client: Client
) -> None:
    Image.objects.bulk_create(
        Image(user=ana, title="Spam", slug="spam", image=f"images/{n}.jpg", width=1, height=1)
        for n in range(MANY)
    )
    chosen = [str(pk) for pk in Image.objects.values_list("pk", flat=True)]
    data = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    response = admin_client.post("/admin/images/image/", data)
    assert response.status_code == 302
    assert not Image.objects.exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_deleting_many_waits_for_a_like(
    ana: User, ben: User, bookmark: Callable[..., Image]
) -> None:
    image = bookmark(ana)
    assert second_waits(
        lambda: image.like(ben), Image.objects.all().delete, pause='INSERT INTO "images_like"'
    )
    assert not Image.objects.exists()
