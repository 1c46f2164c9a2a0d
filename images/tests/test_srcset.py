"""The widths in srcset are those of the files."""

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from images.models import Image
from images.sanitize import sanitize
from imaging.sanitize import MAX_RATIO
from testing.image_files import image_file
from testing.stored_files import stored_image

pytestmark = pytest.mark.django_db


@st.composite
def sizes(draw: st.DrawFn) -> tuple[int, int]:
    """Return allowed image sizes of any ratio that are fast to draw."""
    short = draw(st.integers(1, 900))
    long = draw(st.integers(short, min(MAX_RATIO * short, 4500)))
    return draw(st.sampled_from([(short, long), (long, short)]))


@given(size=sizes(), kind=st.sampled_from(["JPEG", "PNG"]))
@example((4032, 3024), "JPEG")
@example((321, 9630), "PNG")
@example((9630, 321), "JPEG")
@example((1, 30), "PNG")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_each_width_of_srcset_is_the_width_of_its_file(
    ana: User, size: tuple[int, int], kind: str
) -> None:
    image = Image.objects.bookmark(ana, sanitize(image_file("plum", size, kind)), title="A bird")
    widths = []
    for candidate in image.image.srcset.split(", "):
        url, descriptor = candidate.split(" ")
        with stored_image(url.removeprefix("/media/")) as thumbnail:
            assert descriptor == f"{thumbnail.width}w"
            assert thumbnail.width <= size[0]
            assert thumbnail.height <= 2 * 2048
            widths.append(thumbnail.width)
    assert widths == sorted(set(widths))
    with stored_image(image.image.jpeg.removeprefix("/media/")) as fallback:
        assert fallback.format == "JPEG"
        assert fallback.width <= min(size[0], 480)
