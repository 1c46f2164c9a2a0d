"""Take the README's pictures, of a new demo; with --all, one of each page of the demo there is."""

import io
import os
import subprocess
import sys
from tempfile import TemporaryDirectory
from typing import Literal

from PIL import Image

from tools.servers.demo import LOGIN, Demo, Place, demo
from tools.servers.site import ROOT

DOCS = ROOT / "docs"
MOST_BYTES = 400_000
FOLDER = ROOT / "var" / "screenshots"
ALL_IMAGES_ARE_THERE = """() => {
  for (const image of document.images) image.loading = "eager";
  return Promise.allSettled([...document.images].map((image) => image.decode()));
}"""

type Scheme = Literal["light", "dark"]
type Size = tuple[int, int]

WIDE, NARROW = (1200, 800), (390, 780)


def main() -> None:
    if "--all" in sys.argv:
        with demo() as site:
            take_all(site)
    else:
        with TemporaryDirectory() as folder, demo(**new_demo(folder)) as site:
            take_pictures(site)


def new_demo(folder: str) -> dict[str, str]:
    """Make a demo in `folder`, in which all is as long ago as in the pictures before."""
    settings = {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "MEDIA_ROOT": f"{folder}/media"}
    for command in ("migrate", "demo"):
        line = [sys.executable, "manage.py", command, "--verbosity", "0"]
        subprocess.run(
            line, cwd=ROOT, env=os.environ | settings, check=True, stdout=subprocess.DEVNULL
        )
    return settings


def take_pictures(site: Demo) -> None:
    """Write the README's pictures to docs/, and print how large they are."""
    image, profile = site.address("/images/"), site.address("/people/")
    pictures: list[tuple[Place, Size, Scheme]] = [
        (Place("images", "/images/"), WIDE, "light"),
        (Place("dashboard", "/"), NARROW, "light"),
        (Place("image", image), NARROW, "dark"),
        (Place("profile", profile), NARROW, "light"),
        (Place("people", "/people/"), NARROW, "dark"),
    ]
    total = 0
    for place, size, scheme in pictures:
        path = DOCS / f"{place.name}.webp"
        picture = Image.open(io.BytesIO(taken(site, place, size, scheme, scale=1.5)))
        picture.save(path, quality=75, method=6)
        total += path.stat().st_size
        print(f"{path.stat().st_size:8,} bytes  {path.relative_to(ROOT)}")
    if total > MOST_BYTES:
        sys.exit(f"Together, {total:,} bytes are more than {MOST_BYTES:,}.")


def taken(
    site: Demo,
    place: Place,
    size: Size,
    scheme: Scheme,
    *,
    scale: float = 1,
    is_whole: bool = False,
) -> bytes:
    """Return a picture of a page, of its first screen or of the whole, as a PNG."""
    width, height = size
    with site.page(
        is_signed_in=place.is_signed_in,
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        color_scheme=scheme,
        reduced_motion="reduce",
    ) as page:
        place.open(page)
        page.evaluate(ALL_IMAGES_ARE_THERE)
        return page.screenshot(full_page=is_whole, animations="disabled")


def take_all(site: Demo) -> None:
    """Write each page to var/screenshots/, in three widths and two colour schemes."""
    FOLDER.mkdir(exist_ok=True)
    schemes: tuple[Scheme, Scheme] = ("light", "dark")
    for place in all_places(site):
        for width in (360, 768, 1280):
            for scheme in schemes:
                picture = taken(site, place, (width, 800), scheme, is_whole=True)
                (FOLDER / f"{place.name}-{width}-{scheme}.png").write_bytes(picture)
        print(place.path, flush=True)
    print(f"They are in {FOLDER.relative_to(ROOT)}.")


def all_places(site: Demo) -> list[Place]:
    own, other = f"/people/{LOGIN}/", site.address("/people/")
    image, own_image = site.address("/images/"), site.address(own)
    own_number = own_image.split("/")[2]
    visitor = {
        "landing": "/",
        "sign-in": "/accounts/login/",
        "sign-up": "/accounts/signup/",
        "reset": "/accounts/password/reset/",
        "reset-done": "/accounts/password/reset/done/",
    }
    member = {
        "dashboard": "/",
        "stream": "/stream/",
        "people": "/people/",
        "profile": other,
        "own-profile": own,
        "activity": f"{other}activity/",
        "followers": f"{other}followers/",
        "following": f"{other}following/",
        "likes": f"/images/{own_number}/likes/",
        "images": "/images/",
        "image": image,
        "own-image": own_image,
        "add": "/images/add/",
        "edit": f"/images/{own_number}/edit/",
        "delete": f"/images/{own_number}/delete/",
        "bookmarklet": "/images/bookmarklet/",
        "profile-edit": "/profile/",
        "email": "/accounts/email/",
        "password": "/accounts/password/change/",
        "sign-out": "/accounts/logout/",
        "404": "/nowhere/",
    }
    return [
        *(Place(name, path, is_signed_in=False) for name, path in visitor.items()),
        *(Place(name, path) for name, path in member.items()),
    ]


if __name__ == "__main__":
    main()
