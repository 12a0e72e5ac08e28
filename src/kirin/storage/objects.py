"""Storage in a bucket of S3, or of any server with its protocol."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from math import inf
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from kirin.errors import KirinError
from kirin.storage.base import StorageUnavailable
from kirin.storage.cache import Cache
from kirin.storage.keys import check_key

if TYPE_CHECKING:
    from obstore.store import S3Config

SHAPE = "s3://BUCKET/PREFIX?endpoint=URL&region=NAME"
OPTIONS = ("endpoint", "region")

RETRY_SECONDS = 5.0
"""Seconds for which a failed request is retried: as long as a client waits for an answer. Workers
try again for longer, and meanwhile look whether they are still needed."""

AWAY_SECONDS = 5.0
"""For how long a bucket that did not answer is asked once only: whoever asks would hold a thread
while it is retried, and answers that need no bucket would wait for threads."""

MOST_BACKOFF = timedelta(seconds=2)
"""Longest pause between two tries: a bucket that is back is found soon."""

_UNLIMITED = 1_000_000
"""Retries: the time ends them. The library's own limit of 10 is reached within seconds."""


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
        open_store = partial(
            S3Store,
            bucket,
            prefix=prefix,
            config=config,
            client_options={"allow_http": options.get("endpoint", "").startswith("http://")},
        )
        self._patient = open_store(
            retry_config={
                "retry_timeout": timedelta(seconds=retry_seconds),
                "max_retries": _UNLIMITED,
                "backoff": {"max_backoff": MOST_BACKOFF},
            }
        )
        self._brief = open_store(retry_config={"retry_timeout": timedelta(0), "max_retries": 0})
        self._away_until = -inf

    def put(self, key: str, source: Path, *, move: bool = False) -> None:
        """Store a file's content."""
        check_key(key)
        if not source.is_file():
            raise FileNotFoundError(f"there is no file {source}")
        with self._bucket(key) as bucket:
            obstore.put(bucket, key, source)
        if move:
            source.unlink(missing_ok=True)

    def put_bytes(self, key: str, data: bytes) -> None:
        """Store bytes."""
        check_key(key)
        with self._bucket(key) as bucket:
            obstore.put(bucket, key, data)

    def copy(self, source: str, target: str) -> None:
        """Have the bucket store under a second key what it has under a first."""
        check_key(source)
        check_key(target)
        with self._bucket(source) as bucket:
            obstore.copy(bucket, source, target)

    def path(self, key: str) -> Path:
        """A local copy with the content as it is now."""
        check_key(key)
        with self._bucket(key) as bucket:
            facts = obstore.head(bucket, key)
        version = f"{facts['e_tag']} {facts['last_modified']} {facts['size']}"

        def fetch(target: Path) -> None:
            with target.open("wb") as file, self._bucket(key) as bucket:
                for chunk in obstore.get(bucket, key).stream():
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
        with self._bucket(key) as bucket:
            return obstore.head(bucket, key)["size"]

    def delete(self, key: str) -> None:
        """Remove what is stored there, if anything is."""
        check_key(key)
        try:
            with self._bucket(key) as bucket:
                obstore.delete(bucket, key)
        except FileNotFoundError:
            return

    def keys(self, prefix: str = "") -> Iterator[str]:
        """The keys that start with a text, sorted."""
        if prefix:
            check_key(prefix.rstrip("/"))
        # The protocol lists by whole segments; we compare the rest of the prefix.
        folder = prefix.rpartition("/")[0] or None
        with self._bucket(prefix) as bucket:
            found = [facts["path"] for page in obstore.list(bucket, folder) for facts in page]
        yield from sorted(key for key in found if key.startswith(prefix))

    @contextmanager
    def _bucket(self, key: str) -> Iterator[S3Store]:
        """The bucket; within, the library's errors become those of the port.

        It retries what fails, unless it has lately done so in vain.

        Raises:
            FileNotFoundError: nothing is stored there.
            StorageUnavailable: the bucket does not answer, or refuses.
        """
        try:
            yield self._brief if monotonic() < self._away_until else self._patient
        except (NotFoundError, FileNotFoundError):
            raise FileNotFoundError(f"nothing is stored under {key}") from None
        except BaseError as error:
            self._away_until = monotonic() + AWAY_SECONDS
            raise StorageUnavailable(f"the object storage cannot be used: {error}") from error
        self._away_until = -inf


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
