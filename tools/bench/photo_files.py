"""Photos as they come from phones, made up."""

import io

import pillow_heif
from PIL import Image

from testing.large_image_files import BLOCK, large_jpeg


def photo(size: tuple[int, int]) -> bytes:
    """Return a JPEG with as much detail as a photo from a phone."""
    coarse = [Image.effect_noise((size[0] // 8, size[1] // 8), 90) for _ in range(3)]
    fine = [Image.effect_noise(size, 12) for _ in range(3)]
    bands = [
        Image.blend(large.resize(size, Image.Resampling.BICUBIC), small, 0.3)
        for large, small in zip(coarse, fine, strict=True)
    ]
    buffer = io.BytesIO()
    Image.merge("RGB", bands).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def large_photo(photo: bytes, size: tuple[int, int], quality: int) -> bytes:
    """Return a JPEG that repeats rows of another."""
    with Image.open(io.BytesIO(photo)) as image:
        width = size[0]
        strip = Image.new("RGB", (width, BLOCK))
        rows = image.crop((0, 0, image.width, BLOCK)).resize((width // 2, BLOCK))
        strip.paste(rows)
        strip.paste(rows, (width // 2, 0))
    return large_jpeg(width, [(strip, size[1] // BLOCK)], quality)


def heic(photo: bytes) -> bytes:
    """Return a photo in tiles, as phones write it."""
    pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(photo)) as image:
        image.save(buffer, "HEIF", quality=50, tile_size=512)
    return buffer.getvalue()


def avif(photo: bytes) -> bytes:
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(photo)) as image:
        image.save(buffer, "AVIF", quality=60, speed=9)
    return buffer.getvalue()
