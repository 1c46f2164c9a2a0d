"""Images that people have saved, and likes."""

from images.models.image import Image
from images.models.image_count import ImageCount
from images.models.like import LIKES, Like

__all__ = ["LIKES", "Image", "ImageCount", "Like"]
