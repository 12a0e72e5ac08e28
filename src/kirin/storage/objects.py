"""Storage in a bucket of S3, or of any server with its protocol."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from kirin.errors import KirinError
from kirin.storage.cache import Cache
from kirin.storage.keys import check_key

if TYPE_CHECKING:
    from obstore.store import S3Config

SHAPE = "s3://BUCKET/PREFIX?endpoint=URL&region=NAME"
OPTIONS = ("endpoint", "region")

RETRY_SECONDS = 180.0
"""Seconds for which failed requests are retried: as long as a restart, not an outage."""


class ObjectStorage:
    """A :class:`~kirin.storage.base.Storage` whose keys are objects below a prefix.

    Objects that are read are cached in a local folder, since engines and byte ranges need files.
    """

    def __init__(self, url: str, cache: Cache, retry_seconds: float = RETRY_SECONDS) -> None:
        """Set up; nothing is connected yet.

        Args:
            url: ``s3://BUCKET/PREFIX``, with ``endpoint`` (for others than Amazon's) and
                ``region`` as its query. The credentials come from the usual variables
                ``AWS_ACCESS_KEY_ID`` and ``AWS_SECRET_ACCESS_KEY``, or the machine's role.
            cache: for local copies.
            retry_seconds: for how long failed requests are retried.

        Raises:
            KirinError: the URL is malformed.
        """
        bucket, prefix, options = parse_bucket_url(url)
        config: S3Config = {"region": options.get("region", "us-east-1")}
        if "endpoint" in options:
            config["endpoint"] = options["endpoint"]
        self._cache = cache
        self._store = S3Store(
            bucket,
            prefix=prefix,
            config=config,
            retry_config={"retry_timeout": timedelta(seconds=retry_seconds)},
            client_options={"allow_http": options.get("endpoint", "").startswith("http://")},
        )

    def put(self, key: str, source: Path, *, move: bool = False) -> None:
        """Store a file's content."""
        check_key(key)
        if not source.is_file():
            raise FileNotFoundError(f"there is no file {source}")
        with _plain_errors(key):
            obstore.put(self._store, key, source)
        if move:
            source.unlink(missing_ok=True)

    def put_bytes(self, key: str, data: bytes) -> None:
        """Store bytes."""
        check_key(key)
        with _plain_errors(key):
            obstore.put(self._store, key, data)

    def copy(self, source: str, target: str) -> None:
        """Have the bucket store under a second key what it has under a first."""
        check_key(source)
        check_key(target)
        with _plain_errors(source):
            obstore.copy(self._store, source, target)

    def path(self, key: str) -> Path:
        """A local copy with the content as it is now."""
        check_key(key)
        with _plain_errors(key):
            facts = obstore.head(self._store, key)
        version = f"{facts['e_tag']} {facts['last_modified']} {facts['size']}"

        def fetch(target: Path) -> None:
            with _plain_errors(key), target.open("wb") as file:
                for chunk in obstore.get(self._store, key).stream():
                    file.write(chunk)

        return self._cache.get(key, version, fetch)

    def exists(self, key: str) -> bool:
        """Whether something is stored there."""
        try:
            self.size(key)
        except FileNotFoundError:
            return False
        return True

    def size(self, key: str) -> int:
        """Bytes stored there."""
        check_key(key)
        with _plain_errors(key):
            return obstore.head(self._store, key)["size"]

    def delete(self, key: str) -> None:
        """Remove what is stored there, if anything is."""
        check_key(key)
        try:
            with _plain_errors(key):
                obstore.delete(self._store, key)
        except FileNotFoundError:
            return

    def keys(self, prefix: str = "") -> Iterator[str]:
        """The keys that start with a text, sorted."""
        if prefix:
            check_key(prefix.rstrip("/"))
        # The protocol lists by whole segments; we compare the rest of the prefix.
        folder = prefix.rpartition("/")[0] or None
        with _plain_errors(prefix):
            found = [facts["path"] for page in obstore.list(self._store, folder) for facts in page]
        yield from sorted(key for key in found if key.startswith(prefix))


def parse_bucket_url(url: str) -> tuple[str, str | None, dict[str, str]]:
    """Name, prefix and options of a bucket.

    Raises:
        KirinError: the URL is malformed.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise KirinError(f"KIRIN_STORAGE_URL: it takes {SHAPE}") from None
    options = dict(parse_qsl(parts.query))
    if parts.scheme != "s3" or not parts.netloc or not options.keys() <= set(OPTIONS):
        raise KirinError(f"KIRIN_STORAGE_URL: it takes {SHAPE}")
    return parts.netloc, parts.path.strip("/") or None, options


@contextmanager
def _plain_errors(key: str) -> Iterator[None]:
    """Translate the library's errors into those of the port."""
    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise FileNotFoundError(f"nothing is stored under {key}") from None
    except BaseError as error:
        raise OSError(f"the object storage cannot be used: {error}") from error
