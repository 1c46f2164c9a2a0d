"""Demo images, saved and liked by the demo people, and the same on every machine."""

import io
from datetime import datetime
from random import Random

from django.contrib.auth.models import User
from django.utils import timezone

from demo.drawings.draw import Drawing, draw
from demo.people import ShowProgress
from images.models import Image
from images.sanitize import sanitize
from stream.models import Action

# The images are drawn, so their sources are on domains reserved for examples.
PAGES = (
    ("https://example.org/photos/{}", "Everyday photos"),
    ("https://example.com/gallery/{}", ""),
    ("", ""),
)


def make_images(size: int, people: list[User], show_progress: ShowProgress) -> None:
    """Add images until the demo has `size`, saved and liked by `people`."""
    existing = Image.objects.filter(user__in=people).count()
    for number in show_progress("images", range(existing, size)):
        random = Random(f"image {number}")
        image = _bookmark(draw(number), random.choice(people), random)
        # The square makes most images recent.
        age = (timezone.now() - image.user.date_joined) * (1 - number / size) ** 2
        _backdate(image, timezone.now() - age * random.random())
        _let_people_like(image, people, random)


def _bookmark(drawing: Drawing, user: User, random: Random) -> Image:
    file = io.BytesIO()
    drawing.image.save(file, "JPEG", quality=92)
    page, credit = random.choice(PAGES)
    page_url = page.format(random.randint(100, 999))
    return Image.objects.bookmark(
        user,
        sanitize(file.getvalue()),
        title=drawing.title,
        description=drawing.description,
        url=page_url and f"{page_url}.jpg",
        page_url=page_url,
        credit=credit,
    )


def _backdate(image: Image, when: datetime) -> None:
    image.created = when
    image.save(update_fields=["created"])
    Action.objects.of(image.user, "bookmarked image", image).update(created=when)


def _let_people_like(image: Image, people: list[User], random: Random) -> None:
    # Pareto: a few images have many likes, most have few.
    count = round(min(random.paretovariate(0.9) - 0.5, len(people) / 2))
    for user in random.sample(people, count):
        image.like(user)
        since = max(user.date_joined, image.created)
        when = timezone.now() - (timezone.now() - since) * random.random()
        Action.objects.of(user, "likes", image).update(created=when)
        image.likes.filter(user=user).update(created=when)
