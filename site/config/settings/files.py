"""Static files, files that are being received, and thumbnails."""

import warnings
from pathlib import Path
from typing import Any

from config.settings.base import BASE_DIR, DEBUG, VAR
from config.settings.environment import make_folder, text


def cache_for_a_day(headers: Any, path: str, url: str) -> None:
    """Let caches keep the files of WHITENOISE_ROOT, whose names never change, for a day."""
    if not url.startswith(STATIC_URL):
        headers["Cache-Control"] = "public, max-age=86400"


STATIC_URL = "/static/"
# Icons and other files that programs expect at the root of a site.
WHITENOISE_ROOT = BASE_DIR / "site" / "root"
WHITENOISE_ADD_HEADERS_FUNCTION = cache_for_a_day
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {
    ".svg": 'image/svg+xml; charset="utf-8"',
    ".webmanifest": "application/manifest+json",
}
STATIC_ROOT = text("STATIC_ROOT", str(VAR / "static"))
# Until they are collected, files are served from where they are.
WHITENOISE_USE_FINDERS = DEBUG or not (Path(STATIC_ROOT) / "staticfiles.json").exists()
# A system check says the same, and what to run.
warnings.filterwarnings("ignore", "No directory at", UserWarning)
STATICFILES_DIRS = [BASE_DIR / "site" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "django_components.finders.ComponentsFileSystemFinder",
]
# Bytes of a form without its files. With this much room, a text of 200,000 characters gets the
# form's own message that it is too long.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# The admin sends one field for each row to delete. Reading this many takes 20 ms.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# Readable by the owner and the proxy's group. New folders and files inherit MEDIA_ROOT's group.
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o2750
# Uploads that are being received. It is set because Python's own search finds no folder on a full
# disk.
FILE_UPLOAD_TEMP_DIR = text("TMPDIR", str(VAR / "uploads"))
make_folder("TMPDIR", Path(FILE_UPLOAD_TEMP_DIR), 0o700)
# Pages show WebP thumbnails. Those in JPEG are for browsers that cannot read WebP.
JPEG = {"replace_alpha": "#fff"}
THUMBNAIL_ALIASES = {
    "people.Profile.photo": {
        "photo_jpeg": {"size": (180, 180), "crop": "smart", "upscale": True, **JPEG},
        "photo": {"size": (180, 180), "crop": "smart", "upscale": True},
        "photo_2x": {"size": (360, 360), "crop": "smart", "upscale": True},
    },
    # For both models with these files.
    "images": {
        "thumbnail": {"size": (160, 160), "crop": "smart"},
        "thumbnail_jpeg": {"size": (160, 160), "crop": "smart", **JPEG},
        "480w_jpeg": {"size": (480, 960), **JPEG},
        # At most this wide. The height only matters for very tall images.
        "320w": {"size": (320, 640)},
        "480w": {"size": (480, 960)},
        "768w": {"size": (768, 1536)},
        "1200w": {"size": (1200, 2400)},
        "2048w": {"size": (2048, 4096)},
    },
}
# Only decoders open images. They send pixels, from which thumbnails are drawn.
THUMBNAIL_SOURCE_GENERATORS: list[str] = []
THUMBNAIL_PROCESSORS = [
    "easy_thumbnails.processors.colorspace",
    "easy_thumbnails.processors.scale_and_crop",
]
# The default of 85 looks the same and makes files a third larger.
THUMBNAIL_QUALITY = 75
THUMBNAIL_EXTENSION = THUMBNAIL_TRANSPARENCY_EXTENSION = "webp"
