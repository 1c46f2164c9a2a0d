"""Image files as cameras and programs write them."""

import io
from collections.abc import Iterable
from random import Random

from PIL import Image, ImageCms


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return an image as the bytes of a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def image_file(
    colour: str = "teal", size: tuple[int, int] = (400, 300), kind: str = "JPEG", **options: object
) -> bytes:
    """Return the file of an image in one colour, with a white stripe on the left."""
    image = Image.new("RGB", size, colour)
    image.paste("white", (0, 0, size[0] // 4, size[1]))
    return encode(image, kind, **options)


def halves(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    """Return an image that is red on the left, and white or transparent on the right."""
    image = Image.new("RGBA", size, (255, 255, 255, 0 if mode in {"LA", "PA", "RGBA"} else 255))
    image.paste((220, 30, 30, 255), (0, 0, size[0] // 2 or 1, size[1]))
    return image.convert("RGB").convert(mode) if mode in {"1", "CMYK", "P"} else image.convert(mode)


def noise(mode: str = "RGB", size: tuple[int, int] = (48, 40), seed: int = 1) -> Image.Image:
    """Return an image of random pixels, which compresses badly."""
    pixels = Random(seed).randbytes(size[0] * size[1] * len(mode))
    return Image.frombytes(mode, size, pixels)


def animation(kind: str, frames: Iterable[Image.Image] = (), **options: object) -> bytes:
    """Return an animation of the frames, or of four frames of noise."""
    first, *others = frames or [noise(seed=seed) for seed in range(4)]
    options = {"duration": 50, **options}
    return encode(first, kind, save_all=True, append_images=others, **options)


def animated_gif() -> bytes:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    return animation("GIF", frames, duration=80, loop=0)


def swapped_profile() -> bytes:
    """Return a colour profile that swaps red and blue."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)
