"""After a crash, the check of all rows and files names what is missing."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from images.models import Image
from tools.stress.consistency import faults

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("alias", ["thumbnail", "thumbnail_jpeg", "480w_jpeg"])
def test_a_missing_thumbnail_is_a_fault(
    ana: User, bookmark: Callable[..., Image], alias: str
) -> None:
    file = bookmark(ana).image
    assert list(faults()) == []
    name = file.thumbnail_name(alias)
    file.thumbnail_storage.delete(name)
    (fault,) = faults()
    assert name in fault


def test_a_row_without_its_action_is_a_fault(ana: User, bookmark: Callable[..., Image]) -> None:
    bookmark(ana)
    ana.actions.filter(verb="bookmarked image").delete()
    (fault,) = faults()
    assert "is not recorded" in fault
