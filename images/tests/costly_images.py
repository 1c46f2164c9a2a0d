"""A program that sanitizes a costly image in its own process, and prints what memory it takes.

It imports no more than it needs, because it is started for each image.
"""

import ctypes
import gc
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from imaging.errors import ImageError
from imaging.sanitize import Result, sanitize
from testing.crafted_image_files import growing_gif, noisy_apng
from testing.image_files import encode, noise, swapped_profile

# The image that is also stored, with its thumbnails.
STORED = "high PNG"
# What its thumbnails need.
THUMBNAILS: dict[str, Any] = {"fit": (2048, 4096), "cover": 160}


def megabytes(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) // 1024 if found else 0


def used(job: Callable[[], object]) -> int:
    """Return the peak memory of a job in megabytes, above the memory in use before."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    before = megabytes("VmRSS")
    job()
    return megabytes("VmHWM") - before


def costly(name: str) -> bytes:
    """Return an image that takes as much memory as a file of 15 MB can."""
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = {"exif": exif, "icc_profile": swapped_profile()}

    def tiled(mode: str, size: tuple[int, int], rows: int, height: int) -> Image.Image:
        # The noise repeats at a distance that is too long for PNG to compress, but not for WebP.
        image, tile = Image.new(mode, size), noise(mode, (size[0], rows))
        for y in range(0, height, rows):
            image.paste(tile, (0, y))
        return image

    def jpeg(mode: str, size: tuple[int, int] = (8000, 5000), **options: object) -> bytes:
        image = tiled(mode, size, 100, 1600 if mode == "CMYK" else size[1])
        return encode(image, "JPEG", quality=6, **options, **turned)

    def webp(size: tuple[int, int], **options: object) -> bytes:
        return encode(tiled("RGBA", size, 100, size[1]), "WEBP", **options, **turned)

    lossless = {"lossless": True, "quality": 60, "method": 1, "exact": True}
    return {
        "baseline JPEG": lambda: jpeg("RGB"),
        "progressive JPEG": lambda: jpeg("RGB", progressive=True, subsampling=1),
        "progressive JPEG of 4:4:4": lambda: jpeg("RGB", progressive=True, subsampling=0),
        # The largest JPEG that is not decoded at half its size.
        "CMYK JPEG": lambda: jpeg("CMYK", (6400, 4500)),
        "progressive CMYK JPEG": lambda: jpeg("CMYK", progressive=True),
        "PNG": lambda: encode(
            tiled("RGBA", (8000, 5000), 100, 400), "PNG", compress_level=1, **turned
        ),
        "high PNG": lambda: encode(
            tiled("RGBA", (8000, 4000), 100, 400), "PNG", compress_level=1, **turned
        ),
        "grey PNG with alpha": lambda: encode(
            Image.new("LA", (8000, 5000)), "PNG", compress_level=1, **turned
        ),
        "lossless WebP": lambda: webp((5000, 4000), **lossless),
        "lossy WebP": lambda: webp((5000, 4000), quality=1, method=0, alpha_quality=0),
        "largest WebP that is kept as WebP": lambda: webp((2450, 2448), **lossless),
        "animation of large frames": lambda: noisy_apng((3000, 2000), 4, 8, 4),
        "animation that would be huge": lambda: noisy_apng((2000, 1000), 50, 1, 0),
        "animation of many frames": lambda: noisy_apng((160, 80), 1000, 1, 0),
        "GIF that grows": lambda: growing_gif((3000, 2000), (6300, 6300)),
    }[name]()  # fmt: skip


def store(picture: Result) -> int:
    """Store an image and its thumbnails, and return the megabytes that this took."""
    import django

    django.setup()
    from easy_thumbnails.alias import aliases

    from images.files import ImageFile
    from images.sanitize import SanitizedImage
    from images.thumbnails import NEEDED_PIXELS

    file = ImageFile(image="images/a.png", width=picture.width, height=picture.height)
    assert THUMBNAILS == NEEDED_PIXELS
    taken = used(lambda: file.write(SanitizedImage(*picture)))
    names = set(map(file.image.thumbnail_name, aliases.all("images", include_global=False)))
    assert file.image.storage.present(names) == names
    return taken


def main(name: str) -> None:
    """Sanitize an image, store it if its name says so, and print the memory that this took."""
    data = costly(name)
    sanitized: list[Result] = []

    def sanitize_it() -> None:
        try:
            sanitized.append(sanitize(data, **THUMBNAILS))
        except ImageError:
            return

    # Load the plugins first, because they are not part of the image's memory.
    Image.init()
    taken = [used(sanitize_it)]
    if name == STORED:
        taken.append(store(*sanitized))
    sys.stdout.write(f"{'sanitized' if sanitized else 'refused'}\n{' '.join(map(str, taken))}\n")


if __name__ == "__main__":
    main(sys.argv[1])
