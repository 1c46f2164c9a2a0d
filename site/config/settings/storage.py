"""Where uploads and their thumbnails are stored: on disk, or in an object store."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from config.settings.base import VAR
from config.settings.environment import text, wrong
from config.settings.files import FILE_UPLOAD_TEMP_DIR
from config.settings.security import SECURE_CSP

EXPECTED = "an address such as file:///folder or s3://key:secret@host/bucket"
DISK = "imaging.storage.WholeFileStorage"
STORE = "imaging.object_storage.ObjectStorage"


def media_root() -> str:
    """Return the folder of files that are, or were, on disk."""
    folder = text("MEDIA_ROOT", str(VAR / "media"))
    parts = urlsplit(STORAGE_URL)
    if parts.scheme != "file":
        return folder
    if parts.netloc or parts.query or not parts.path.strip("/"):
        raise wrong("STORAGE_URL", EXPECTED)
    if text("MEDIA_ROOT") and Path(unquote(parts.path)) != Path(folder):
        raise wrong("STORAGE_URL", "the folder MEDIA_ROOT, or MEDIA_ROOT must be empty")
    return unquote(parts.path)


def media_url() -> str:
    """Return the address under which browsers find uploads. It ends with a slash."""
    url = text("MEDIA_URL", MEDIA_PATH)
    try:
        parts = urlsplit(url)
        is_right = url == MEDIA_PATH or (parts.scheme in {"http", "https"} and bool(parts.hostname))
        is_right = is_right and parts.port != 0 and url.isascii()
    except ValueError:
        is_right = False
    # The host becomes a part of a header.
    if not is_right or not re.fullmatch(r"[^\s?#;,'\"@\\*]+", url) or "//" in parts.path:
        raise wrong("MEDIA_URL", f"{MEDIA_PATH} or an address such as https://media.example/", url)
    return f"{url.removesuffix('/')}/"


def bucket(url: str) -> dict[str, Any]:
    """Return the options of django-storages for the bucket that a URL names."""
    try:
        parts = urlsplit(url)
        host, name = parts.netloc.rpartition("@")[2], parts.path.strip("/")
        query = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        endpoint = query.pop("endpoint", f"https://{host}")
        is_right = parts.scheme == "s3" and bool(host and parts.username and parts.password)
        is_right = is_right and not parts.fragment
        is_right = is_right and parts.port != 0 and urlsplit(endpoint).port != 0
    except ValueError:
        # The cause may quote a part of the secret.
        raise wrong("STORAGE_URL", EXPECTED) from None
    region = query.pop("region", "us-east-1")
    is_right = is_right and bool(re.fullmatch(r"https?://[^/?#@\s]+/?", endpoint)) and not query
    if not is_right or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,54}[a-z0-9]", name):
        raise wrong("STORAGE_URL", EXPECTED)
    return {
        "access_key": unquote(parts.username or ""),
        "secret_key": unquote(parts.password or ""),
        "bucket_name": name,
        "endpoint_url": endpoint,
        "region_name": region,
    }


def storages_at(url: str, folder: str) -> dict[str, dict[str, Any]]:
    """Return the storage of uploads and that of drafts, to which no URL leads.

    `folder` is MEDIA_ROOT, from which `move_files` moves files to a store.
    """
    # Names are random, so a name that exists belongs to the same file, which is written again.
    options: dict[str, Any] = {"allow_overwrite": True}
    if not url or urlsplit(url).scheme == "file":
        drafts = options | {"location": Path(FILE_UPLOAD_TEMP_DIR, "drafts")}
        disk = {"BACKEND": DISK, "OPTIONS": options}
        return {"default": disk, "drafts": {"BACKEND": DISK, "OPTIONS": drafts}}
    options = bucket(url)
    if not find_spec("storages"):
        raise wrong("STORAGE_URL", "a folder, unless you run `make s3`, which installs the client")
    # Drafts hold what other sites sent. They must not be readable at an address of this site.
    drafts = options | {"bucket_name": f"{options['bucket_name']}-drafts", "is_needed": False}
    return {
        "default": {"BACKEND": STORE, "OPTIONS": options | {"former": folder}},
        "drafts": {"BACKEND": STORE, "OPTIONS": drafts},
    }


STORAGE_URL = text("STORAGE_URL")
# Magpie answers here even if MEDIA_URL is elsewhere, because mails have links to it.
MEDIA_PATH = "/media/"
MEDIA_URL = media_url()
MEDIA_ROOT = media_root()
STORAGES = storages_at(STORAGE_URL, MEDIA_ROOT) | {
    "staticfiles": {
        "BACKEND": "web.static_files.StaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
# With DEBUG, Django shows the settings beside errors, except for those that it takes for secrets.
STORAGE_URL = re.sub("//.*@", "//", STORAGE_URL)
if MEDIA_URL != MEDIA_PATH:
    SECURE_CSP["img-src"].append("{0.scheme}://{0.netloc}".format(urlsplit(MEDIA_URL)))
