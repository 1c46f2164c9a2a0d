"""Preview and save photos as the site does, and print time and the memory of the decoder."""

import io
from collections.abc import Callable
from statistics import median
from time import perf_counter

import pillow_heif
from django.contrib.auth.models import User
from PIL import Image

from images.files import ImageFile
from images.models import Image as SavedImage
from images.preview import PREVIEW_SIZE
from images.sanitize import preview
from imaging import pool
from tools.bench.memory import megabytes
from tools.bench.photo_files import avif, heic, large_photo, photo

TIMES = 3
MEGAPIXELS = 1_000_000


def print_photos(*sizes: tuple[int, int]) -> None:
    """Print a table for photos of three sizes, the smallest also in other formats."""
    small, *others = sizes
    data = photo(small)
    print("| photo | megapixels | MB | preview, s | save, s | kept | memory, MB |")
    print("|---|---|---|---|---|---|---|")
    print_photo("JPEG", data)
    for size, quality in zip(others, (75, 20), strict=True):
        print_photo("JPEG", large_photo(data, size, quality))
    print_photo("HEIC", heic(data))
    print_photo("AVIF", avif(data))
    print()


def print_photo(name: str, data: bytes) -> None:
    pool.end_idle()
    previewed, _ = seconds(lambda: preview(data, PREVIEW_SIZE))
    taken, size = seconds(lambda: saved(data), forget)
    pillow_heif.register_heif_opener()
    with Image.open(io.BytesIO(data)) as image:
        pixels = image.width * image.height / MEGAPIXELS
    peak = megabytes("VmHWM", pool.idle[0].process.pid)
    figures = f"{pixels:.0f} | {len(data) / 1e6:.1f} | {previewed:.2f} | {taken:.2f}"
    print(f"| {name} | {figures} | {size[0]} × {size[1]} | {peak:.0f} |", flush=True)


def saved(data: bytes) -> tuple[int, int]:
    """Save an image with its thumbnails, as a form does, and return the size that is kept."""
    user = User.objects.get_or_create(username="ana")[0]
    file = ImageFile.objects.store_received(data)
    image = SavedImage.objects.bookmark(user, file, title="A photo")
    return image.width, image.height


def forget() -> None:
    """Delete what was saved, so that the same bytes are decoded again."""
    SavedImage.objects.all().delete()
    ImageFile.objects.all().delete()


def seconds[T](job: Callable[[], T], clean: Callable[[], None] = lambda: None) -> tuple[float, T]:
    """Return the median time of a job, and its result. Clean up after each run."""
    times = []
    for _ in range(TIMES):
        started = perf_counter()
        result = job()
        times.append(perf_counter() - started)
        clean()
    return median(times), result
