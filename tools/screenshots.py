"""Take the README's screenshots from a new demo; with --all, screenshots of every demo page."""

import io
import os
import subprocess
import sys
from tempfile import TemporaryDirectory
from typing import Literal

from PIL import Image

from tools.servers.demo import LOGIN, Demo, DemoPage, demo
from tools.servers.site import ROOT

DOCS = ROOT / "docs"
MAX_BYTES = 400_000
FOLDER = ROOT / "var" / "screenshots"
VISITOR_PATHS = {
    "landing": "/",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "reset": "/accounts/password/reset/",
    "reset-done": "/accounts/password/reset/done/",
}
LOAD_ALL_IMAGES = """() => {
  for (const image of document.images) image.loading = "eager";
  return Promise.allSettled([...document.images].map((image) => image.decode()));
}"""

type Scheme = Literal["light", "dark"]
type Size = tuple[int, int]

WIDE, NARROW = (1200, 800), (390, 780)


def main() -> None:
    if "--all" in sys.argv:
        with demo() as site:
            write_all_screenshots(site)
    else:
        with TemporaryDirectory() as folder, demo(**new_demo(folder)) as site:
            write_readme_screenshots(site)


def new_demo(folder: str) -> dict[str, str]:
    """Create a demo in `folder`, with the same times as in earlier screenshots."""
    settings = {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "MEDIA_ROOT": f"{folder}/media"}
    for command in ("migrate", "demo"):
        line = [sys.executable, "manage.py", command, "--verbosity", "0"]
        subprocess.run(
            line, cwd=ROOT, env=os.environ | settings, check=True, stdout=subprocess.DEVNULL
        )
    return settings


def write_readme_screenshots(site: Demo) -> None:
    """Write the screenshots of the README to docs/, and print their sizes."""
    image, profile = site.first_in_list("/images/"), site.first_in_list("/people/")
    screenshots: list[tuple[DemoPage, Size, Scheme]] = [
        (DemoPage("images", "/images/"), WIDE, "light"),
        (DemoPage("dashboard", "/"), NARROW, "light"),
        (DemoPage("image", image), NARROW, "dark"),
        (DemoPage("profile", profile), NARROW, "light"),
        (DemoPage("people", "/people/"), NARROW, "dark"),
    ]
    total = 0
    for target, size, scheme in screenshots:
        path = DOCS / f"{target.name}.webp"
        data = screenshot(site, target, size, scheme, scale=1.5)
        Image.open(io.BytesIO(data)).save(path, quality=75, method=6)
        total += path.stat().st_size
        print(f"{path.stat().st_size:8,} bytes  {path.relative_to(ROOT)}")
    if total > MAX_BYTES:
        sys.exit(f"The screenshots are {total:,} bytes in total, more than {MAX_BYTES:,}.")


def screenshot(
    site: Demo,
    target: DemoPage,
    size: Size,
    scheme: Scheme,
    *,
    scale: float = 1,
    is_whole: bool = False,
) -> bytes:
    """Return a PNG screenshot of a page: its first screen, or the whole page."""
    width, height = size
    with site.page(
        is_signed_in=target.is_signed_in,
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        color_scheme=scheme,
        reduced_motion="reduce",
    ) as page:
        target.open(page)
        page.evaluate(LOAD_ALL_IMAGES)
        return page.screenshot(full_page=is_whole, animations="disabled")


def write_all_screenshots(site: Demo) -> None:
    """Write screenshots of all pages, in three widths and two colour schemes."""
    FOLDER.mkdir(exist_ok=True)
    schemes: tuple[Scheme, Scheme] = ("light", "dark")
    for target in all_pages(site):
        for width in (360, 768, 1280):
            for scheme in schemes:
                data = screenshot(site, target, (width, 800), scheme, is_whole=True)
                (FOLDER / f"{target.name}-{width}-{scheme}.png").write_bytes(data)
        print(target.path, flush=True)
    print(f"The screenshots are in {FOLDER.relative_to(ROOT)}.")


def all_pages(site: Demo) -> list[DemoPage]:
    return [
        *(DemoPage(name, path, is_signed_in=False) for name, path in VISITOR_PATHS.items()),
        *(DemoPage(name, path) for name, path in member_paths(site).items()),
    ]


def member_paths(site: Demo) -> dict[str, str]:
    """Return the paths of pages for people who are signed in, by the names of screenshots."""
    own, other = f"/people/{LOGIN}/", site.first_in_list("/people/")
    own_image = site.first_in_list(own)
    own_number = own_image.split("/")[2]
    return {
        "dashboard": "/",
        "stream": "/stream/",
        "notifications": "/notifications/",
        "suggestions": "/suggestions/",
        "people": "/people/",
        "profile": other,
        "own-profile": own,
        "activity": f"{other}activity/",
        "liked-images": f"{other}likes/",
        "followers": f"{other}followers/",
        "following": f"{other}following/",
        "likes": f"/images/{own_number}/likes/",
        "images": "/images/",
        "image": site.first_in_list("/images/"),
        "own-image": own_image,
        "add": "/images/add/",
        "edit": f"/images/{own_number}/edit/",
        "delete": f"/images/{own_number}/delete/",
        "bookmarklet": "/images/bookmarklet/",
        "settings": "/settings/",
        **{f"welcome-{step}": f"/welcome/{step}/" for step in ("profile", "people", "images")},
        "email": "/accounts/email/",
        "password": "/accounts/password/change/",
        "sign-out": "/accounts/logout/",
        "404": "/nowhere/",
    }


if __name__ == "__main__":
    main()
