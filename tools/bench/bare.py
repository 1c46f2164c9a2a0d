"""What Django's template engine alone takes for the cards of a page, made of plain dicts.

This runs in a process without the site, because django-components changes Django's templates.
"""

import json
import sys
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import django
from django.conf import settings
from django.template import Context, Engine, Template

TEMPLATES = str(Path(__file__).with_name("templates"))
TIMES = 300
NAMES = "Amara Bruno Chiara Dmitri Elif Farid Greta Hana Ines Jonas".split()


def milliseconds(name: str, count: int) -> float:
    """Return the median CPU time of a template that shows `count` items."""
    template = Engine([TEMPLATES]).get_template(name)
    items = [item(number) for number in range(1, count + 1)]
    times = []
    for _ in range(TIMES):
        begin = process_time()
        render(template, items)
        times.append(1000 * (process_time() - begin))
    return median(times)


def render(template: Template, items: list[dict[str, Any]]) -> str:
    return template.render(Context({"items": items, "token": "t" * 64, "next": "/images/"}))


def item(number: int) -> dict[str, Any]:
    """Return all that a template shows of an image, a person or an entry."""
    return (
        _image(number)
        | _person(number)
        | {
            "verb": "likes",
            "timestamp": "2026-01-31T12:00:00+00:00",
            "ago": f"{number} hours ago",
        }
    )


def _image(number: int) -> dict[str, Any]:
    file, url = f"/media/images/{number:032x}.jpg", f"/images/{number}/a-heron-by-the-canal/"
    return {
        # Strings, so that Django does not look up how to write a number.
        "pk": str(number),
        "shape": "15",
        "width": "1600",
        "height": "1067",
        "image_url": url,
        "src": f"{file}.480w.webp",
        "srcset": ", ".join(f"{file}.{width}w.webp {width}w" for width in (320, 480, 768, 1200)),
        "title": f"A heron by the canal {number}",
        "likes": number,
        "is_liked": number % 3 == 0,
        "like_url": f"/images/{number}/like/",
        "is_own": number % 20 == 0,
        "save_url": f"/images/{number}/save/",
        "source_url": f"https://www.example.org/photos/{number}",
        "source_host": "example.org",
    }


def _person(number: int) -> dict[str, Any]:
    return {
        "person_url": f"/people/person-{number}/",
        "photo": f"/media/people/{number:032x}.webp.photo.webp",
        "name": f"{NAMES[number % 10]} Lindqvist",
        "username": f"person-{number}",
        "followers": number,
        "is_followed": number % 3 == 0,
        "follow_url": f"/people/person-{number}/follow/",
    }


def main() -> None:
    """Answer lines such as `photos.html 12` with the milliseconds."""
    settings.configure()
    django.setup()
    for line in sys.stdin:
        name, count = line.split()
        print(json.dumps(milliseconds(name, int(count))), flush=True)


if __name__ == "__main__":
    main()
