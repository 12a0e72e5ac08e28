"""Uploads: files that come before the requests that use them, and are kept for a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kirin.accounts.store import check_open
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.domain.assets import Asset
from kirin.errors import LimitReached, StorageAway
from kirin.media.ingest import MediaIngest
from kirin.storage.base import Storage
from kirin.storage.keys import input_key
from kirin.storage.links import Links
from kirin.tasks import uploads


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was taken in.

    Attributes:
        at, expires_at: since and until when it is kept, Unix milliseconds; a task that uses it
            by then keeps it for as long as it needs it.
    """

    asset: Asset
    at: int
    expires_at: int


@dataclass(frozen=True)
class Uploads:
    """Takes files in, for as long as links to them work.

    Attributes:
        most_bytes: of an account's uploads together.
    """

    database: Database
    storage: Storage
    ingest: MediaIngest
    links: Links
    most_bytes: int

    def add(self, account: str, path: Path, name: str | None = None) -> Upload:
        """Take a file in; it is moved.

        Args:
            name: 64 hex digits that were drawn for it before it came, so that it could be linked:
                it is kept under them in place of its digest.

        Raises:
            MediaRefused: it is no picture, video or sound, or too large for anything.
            LimitReached: the account has too much here.
            StorageAway: storage takes nothing in.
            AccountClosed: the account was erased meanwhile.
        """
        return self._keep(account, self.ingest.uploaded(path), path, name)

    def fetch(self, account: str, url: str, path: Path, cancelled: Callable[[], bool]) -> Upload:
        """Take in what lies at an address.

        Args:
            path: where to put it meanwhile.
            cancelled: whether nobody waits any more.

        Raises:
            FetchFailed: it cannot be had.
            MediaRefused, LimitReached, StorageAway: as :meth:`add`.
            Stopped: ``cancelled`` said so.
        """
        return self._keep(account, self.ingest.fetch_any(url, path, cancelled), path)

    def check_room(self, account: str, asset: Asset | None = None) -> None:
        """Look whether an account may send a file; ``None`` is one that nobody has seen yet.

        Raises:
            LimitReached: it may not.
        """
        now = now_ms()
        digest, size = (asset.sha256, asset.size) if asset else ("", 1)
        with self.database.read() as connection:
            used, first = uploads.usage(connection, account, now, except_for=digest)
        if used + size > self.most_bytes:
            seconds = max(1, -(-((first or now) - now) // 1000))
            raise LimitReached(
                f"the account's uploads have {used:,} bytes, and may have {self.most_bytes:,} "
                "together: they go by themselves when their links are over",
                limit={
                    "name": "upload_bytes",
                    "of": "account",
                    "value": self.most_bytes,
                    "frees_in_seconds": seconds,
                },
                retry_after=seconds,
            )

    def known(self, sha256: str) -> Asset | None:
        """What was measured of a file when it came, if it came this way."""
        with self.database.read() as connection:
            return uploads.find(connection, sha256)

    def page(self, account: str, limit: int, before: tuple[int, str] | None) -> list[Upload]:
        """An account's files that are kept, the newest first.

        Args:
            limit: how many at most.
            before: time and sha256 of one; the page starts after it.
        """
        with self.database.read() as connection:
            rows = uploads.page(connection, account, now_ms(), limit, before)
        return [Upload(*row) for row in rows]

    def find(self, account: str, sha256: str) -> Upload | None:
        """A file of an account, while it is kept."""
        with self.database.read() as connection:
            row = uploads.find_kept(connection, account, sha256, now_ms())
        return None if row is None else Upload(*row)

    def forget(self, account: str, sha256: str) -> bool:
        """Keep a file no longer for requests to come; whether there was such a one."""
        with self.database.write() as connection:
            return uploads.forget(connection, account, sha256, now_ms())

    def _keep(self, account: str, asset: Asset, path: Path, name: str | None = None) -> Upload:
        self.check_room(account, asset)
        now = now_ms()
        expires_at = self.links.end(now / 1000) * 1000
        try:
            self.storage.put(input_key(name or asset.sha256), path, move=True)
        except OSError as error:
            raise StorageAway from error
        with self.database.write() as connection:
            check_open(connection, account, lock=True)
            uploads.add(connection, account, asset, now, expires_at, name)
        return Upload(asset, now, expires_at)
