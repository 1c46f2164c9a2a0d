"""The storage of uploads in an object store with Amazon's S3 interface."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, cached_property
from threading import Lock
from time import monotonic
from typing import Any

from boto3 import Session
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from imaging.circuit_breaker import CircuitBreaker
from imaging.storage import StoredFile, WholeFileStorage

# A store may need 18 seconds to elect a new master. Two attempts end within the 60 seconds after
# which a proxy gives up.
CLIENT = Config(
    connect_timeout=2,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 2},
    # Some stores do not know the checksums that newer clients send by default.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    max_pool_connections=32,
    s3={"addressing_style": "path"},
)
# Of files that nobody needs, such as those of previews. A preview takes several requests.
IMPATIENT = CLIENT.merge(
    Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 1})
)
# No upload is larger, so each file is sent with one request.
WHOLE = TransferConfig(multipart_threshold=64 * 1024 * 1024, use_threads=False)
# Threads must not connect at the same time: a session is not safe for that.
CONNECTING = Lock()
# Seconds for which a check is valid, and for which others wait for one that has no answer yet.
CHECKED_FOR, CHECK_SECONDS = 10, 1


class StoreError(ConnectionError):
    """The store cannot be used."""


@cache
def session(*credentials: str) -> Session:
    """Return the session of all storages. It reads long descriptions of the protocol once."""
    return Session(*credentials)


@contextmanager
def store_errors() -> Iterator[None]:
    """Raise StoreError, an OSError, instead of the errors of the client."""
    try:
        yield
    # The client follows redirects in a loop.
    except (BotoCoreError, ClientError, RecursionError) as error:
        raise StoreError(str(error)) from error


class StoredObject(File[bytes]):
    """A file that is received while it is read."""

    def __init__(self, body: Any, name: str, size: int) -> None:
        super().__init__(body, name)
        self.body, self.size = body, size

    @store_errors()
    def read(self, *size: int) -> bytes:
        return bytes(self.body.read(*size))

    @store_errors()
    def readline(self, *size: int) -> bytes:
        return bytes(self.body.readline(*size))


class ObjectStorage(S3Storage):
    """Store each file under its name in a bucket. Browsers read them at MEDIA_URL.

    Files that `move_files` has not moved yet are on disk. They are deleted there after they have
    been saved in the store, so whatever looks for a file looks on disk first.
    """

    # The time until which no new check is needed.
    checked_until = 0.0

    def __init__(self, former: str = "", is_needed: bool = True, **options: Any) -> None:
        """`former` is the folder of the files that are not moved yet, if any.

        If a file is not needed, nobody waits long for it.
        """
        super().__init__(
            client_config=CLIENT if is_needed else IMPATIENT,
            transfer_config=WHOLE,
            object_parameters={"CacheControl": "public, max-age=31536000, immutable"},
            **options,
        )
        self.former = WholeFileStorage(former) if former else None
        self.checking = Lock()

    @property
    def connection(self) -> Any:
        """The connection of all threads. One for each of them would take 14 MB."""
        with CONNECTING:
            return self.shared_connection

    @cached_property
    def shared_connection(self) -> Any:
        connection = super().connection
        CircuitBreaker().watch(connection.meta.client)
        return connection

    def _create_session(self) -> Session:
        return session(self.access_key, self.secret_key, self.security_token)

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"

    def check(self) -> None:
        """Raise OSError if no file can be written. A success counts for 10 seconds."""
        # While a store hangs, monitors must not take up all threads.
        if not self.checking.acquire(timeout=CHECK_SECONDS):
            raise StoreError("The last check has no answer yet.")
        try:
            if monotonic() > self.checked_until:
                self._write_something()
                self.checked_until = monotonic() + CHECKED_FOR
        finally:
            self.checking.release()

    @store_errors()
    def _write_something(self) -> None:
        client = self.connection.meta.client
        client.put_object(Bucket=self.bucket_name, Key=".ready", Body=b"?")

    # Look on disk first. In the other order, a file that is moved in between would be found
    # nowhere.
    def files(self, folder: str = "") -> Iterator[StoredFile]:
        """Yield the files in a folder and in the folders below it, including those of others.

        A file that is being moved may come twice.
        """
        if self.former:
            yield from self.former.files(folder)
        yield from self._starting_with(f"{folder}/" if folder else "")

    def present(self, names: Iterable[str]) -> set[str]:
        """Return those of an original's names and its thumbnails' that exist, with one request."""
        wanted = set(names)
        on_disk = self.former.present(wanted) if self.former else set()
        # All of them begin with the name of the original.
        start = min(wanted, key=len, default="").partition(".")[0]
        in_store = {file.name for file in self._starting_with(start)}
        return on_disk | wanted & in_store

    def _starting_with(self, start: str) -> Iterator[StoredFile]:
        paginator = self.connection.meta.client.get_paginator("list_objects_v2")
        with store_errors():
            for page in paginator.paginate(Bucket=self.bucket_name, Prefix=start):
                for entry in page.get("Contents", ()):
                    yield StoredFile(entry["Key"], entry["Size"], entry["LastModified"])

    @store_errors()
    def exists(self, name: str) -> bool:
        if (self.former and self.former.exists(name)) or super().exists(name):
            return True
        # A file of a bucket that does not exist is not lost: the setting is wrong.
        self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
        return False

    # django-storages' own takes three requests.
    @store_errors()
    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        client, key = self.connection.meta.client, self._normalize_name(name)
        if not key or name.endswith("/") or "\\" in name:
            # Some stores answer with an empty file, or with another error.
            raise FileNotFoundError(name)
        if self.former:
            with suppress(OSError):
                return self.former.open(name)
        try:
            found = client.get_object(Bucket=self.bucket_name, Key=key)
        except client.exceptions.NoSuchKey as error:
            raise FileNotFoundError(name) from error
        return StoredObject(found["Body"], name, found["ContentLength"])

    @store_errors()
    def _save(self, name: str, content: File[Any]) -> str:
        saved = str(super()._save(name, content))
        if self.former:
            # It may be damaged, and would be found first.
            self.former.delete(saved)
        return saved

    @store_errors()
    def delete(self, name: str) -> None:
        # In the other order, a file that is moved in between would stay.
        if self.former:
            self.former.delete(name)
        super().delete(name)

    @store_errors()
    def size(self, name: str) -> int:
        if self.former:
            with suppress(FileNotFoundError):
                return self.former.size(name)
        return int(super().size(name))

    @store_errors()
    def listdir(self, path: str) -> Any:
        return super().listdir(path)
