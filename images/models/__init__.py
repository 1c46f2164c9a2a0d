"""Images that people have saved, likes, and what is fetched before an image is saved."""

from images.models.draft import Draft
from images.models.image import Image
from images.models.image_count import ImageCount
from images.models.like import LIKES, Like

__all__ = ["LIKES", "Draft", "Image", "ImageCount", "Like"]
