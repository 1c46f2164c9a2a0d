"""Draw the frames of an animation onto its canvas, as browsers do.

Pillow loses the palette of animated PNGs, and clears the wrong parts of GIFs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from PIL import Image

CLEAR = (0, 0, 0, 0)


class Disposal(Enum):
    """What happens to a frame before the next one is drawn."""

    KEEP = 0
    CLEAR = 1
    RESTORE = 2


@dataclass(frozen=True)
class Frame:
    """A frame of an animation, which may be smaller than its canvas."""

    left: int
    top: int
    width: int
    height: int
    # In milliseconds.
    duration: int
    disposal: Disposal
    # Whether what is below the frame shows through it.
    is_blended: bool
    load: Callable[[], Image.Image]

    def fits(self, size: tuple[int, int]) -> bool:
        """Return whether the frame lies on a canvas of this size."""
        right, bottom = self.left + self.width, self.top + self.height
        return self.width > 0 and self.height > 0 and right <= size[0] and bottom <= size[1]

    def on(self, canvas: Image.Image) -> None:
        """Draw the frame."""
        pixels = self.load().convert("RGBA")
        if self.is_blended:
            canvas.alpha_composite(pixels, (self.left, self.top))
        else:
            canvas.paste(pixels, (self.left, self.top))


def drawn(size: tuple[int, int], frames: list[Frame]) -> Iterator[tuple[Image.Image, int]]:
    """Yield the canvas after each frame, with the frame's duration."""
    canvas = Image.new("RGBA", size, CLEAR)
    for frame in frames:
        before = canvas.copy() if frame.disposal is Disposal.RESTORE else None
        frame.on(canvas)
        yield canvas, frame.duration
        if before:
            canvas = before
        elif frame.disposal is Disposal.CLEAR:
            right, bottom = frame.left + frame.width, frame.top + frame.height
            canvas.paste(CLEAR, (frame.left, frame.top, right, bottom))
