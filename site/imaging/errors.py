"""The reasons for refusing an image, as codes that a decoder can send."""

from enum import StrEnum


class Reason(StrEnum):
    """A reason for refusing an image."""

    NOT_AN_IMAGE = "not-an-image"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_MANY_WEBP_PIXELS = "too-many-webp-pixels"
    TOO_NARROW = "too-narrow"
    TOO_LONG = "too-long"
    TOO_COSTLY = "too-costly"


class ImageError(Exception):
    """An image cannot be accepted."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
