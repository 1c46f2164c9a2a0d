"""Sanitizing an image and making its thumbnails takes less than 400 MB.

Each image is sanitized in its own process.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from images.tests.costly_images import STORED

LIMIT = 400
ROOT = Path(__file__).parents[2]
REFUSED = {"animation that would be huge", "GIF that grows", "lossless WebP", "lossy WebP"}
COSTLY = [
    "baseline JPEG", "progressive JPEG", "progressive JPEG of 4:4:4", "CMYK JPEG",
    "progressive CMYK JPEG", "PNG", "high PNG", "grey PNG with alpha",
    "largest WebP that is kept as WebP", "animation of large frames", "animation of many frames",
    *sorted(REFUSED),
]  # fmt: skip


def outcome_of(name: str, media: Path) -> list[str]:
    """Return the outcome of an image, and the megabytes of each job, from a process of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{media}/db.sqlite3",
        "MEDIA_ROOT": str(media),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-m", "images.tests.costly_images", name]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("name", COSTLY)
def test_the_costliest_images_take_less_than_400_megabytes(name: str, tmp_path: Path) -> None:
    outcome, *taken = outcome_of(name, tmp_path)
    assert outcome == ("refused" if name in REFUSED else "sanitized")
    assert len(taken) == (2 if name == STORED else 1)
    assert all(0 <= int(megabytes) < LIMIT for megabytes in taken), taken
