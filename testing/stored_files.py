"""Read and write stored files, on disk and in an object store alike."""

from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from imaging.storage import delete_all


def stored_names() -> set[str]:
    """Return the names of all stored files."""
    return {file.name for file in default_storage.files()}  # type: ignore[attr-defined]


def stored_files() -> dict[str, bytes]:
    """Return all stored files with their content, by name."""
    return {name: stored_file(name) for name in stored_names()}


def stored_file(name: str) -> bytes:
    """Return the content of a stored file."""
    with default_storage.open(name) as file:
        return bytes(file.read())


def stored_image(name: str) -> Image.Image:
    """Return a stored image."""
    return Image.open(BytesIO(stored_file(name)))


def store(name: str, content: bytes = b"") -> str:
    """Store a file, in place of another of this name."""
    return default_storage.save(name, ContentFile(content))


def lose_files() -> None:
    """Delete all stored files."""
    delete_all(default_storage, stored_names())
