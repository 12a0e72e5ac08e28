"""Erasure: everything that belongs to an account goes, except for its books.

Files go before the rows that name them, and every step finds done what an earlier erasure has done:
one that was interrupted goes on when it is asked for again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

import structlog

from kirin.accounts import administration, audit, store
from kirin.accounts.audit import Actor
from kirin.accounts.billing import Billing
from kirin.catalogue.codes import CANCELLED
from kirin.database.engine import Database
from kirin.domain.task import Failure
from kirin.storage.base import Storage
from kirin.storage.keys import input_key, results_prefix
from kirin.tasks import batches, erasure, previews, retention, tombstones
from kirin.tasks import store as tasks

log = structlog.get_logger(__name__)

ACTION: Final = "account.erased"

PATIENCE: Final = 10.0
"""Seconds in which workers put down what was cancelled; they notice within one or two."""

POLL: Final = 0.2
"""Seconds between two looks at what they hold."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure has found and removed.

    Attributes:
        account: its id.
        name: what it is called now.
        tasks: how many it has, each without its words now.
        cancelled: how many of them went on.
        files: how many were removed from storage.
        keys: how many were revoked.
        held: tasks that a worker has still; when it lets go of them it removes what it made, and
            another erasure removes what is left.
    """

    account: str
    name: str
    tasks: int
    cancelled: int
    files: int
    webhooks: int
    subjects: int
    uploads: int
    keys: int
    held: int


@dataclass(frozen=True)
class Erasure:
    """Erases accounts.

    Attributes:
        storage: one that clears tombstones before it stores anything, in every other process.
        patience: seconds to wait for workers.
    """

    database: Database
    storage: Storage
    now: Callable[[], int]
    patience: float = PATIENCE

    def erase(self, actor: Actor, name: str) -> Erased:
        """Erase an account, or go on where an earlier erasure was interrupted.

        Its keys work no more from the first transaction on.

        Args:
            actor: who does it, for the audit.
            name: id or name of the account.

        Raises:
            UnknownAccount: there is none.
            OSError: storage is away; ask again.
        """
        with self.database.write() as connection:
            account = administration.account(connection, name).id
            keys = administration.close_account(
                connection, actor, administration.account(connection, account), self.now()
            )
        cancelled = self._cancel(account)
        held = self._wait(account)
        files = self._inputs(account)
        count, results, webhooks = self._tasks(account)
        with self.database.write() as connection:
            subjects, uploads = erasure.delete_library(connection, account)
            batches.delete_of(connection, account)
            done = Erased(
                account=account,
                name=store.erased_name(account),
                tasks=count,
                cancelled=cancelled,
                files=files + results,
                webhooks=webhooks,
                subjects=subjects,
                uploads=uploads,
                keys=keys,
                held=held,
            )
            counts = {k: v for k, v in asdict(done).items() if isinstance(v, int)}
            audit.note(
                connection,
                actor,
                ACTION,
                account=account,
                target=account,
                details=counts,
                now=self.now(),
            )
        log.info("account erased", account=account, **counts)
        return done

    def _cancel(self, account: str) -> int:
        """Cancel and settle what goes on. Nobody is told: what would be sent is erased next."""
        count = 0
        billing = Billing(prepaid=True)  # it matters to holds, not to settlements
        failure = Failure(CANCELLED, "the account was erased")
        while True:
            with self.database.read() as connection:
                ids = erasure.unfinished(connection, account)
            if not ids:
                return count
            for id in ids:
                with self.database.write() as connection:
                    task = tasks.get(connection, id)
                    now = self.now()
                    if task is None or not tasks.cancel(connection, task, failure, now):
                        continue
                    ended = tasks.get(connection, id)
                    if ended is not None:
                        billing.settle(connection, ended, now)
                    previews.forget(connection, id)
                    count += 1

    def _wait(self, account: str) -> int:
        """Wait until workers have put down the account's tasks; how many they have still."""
        deadline = time.monotonic() + self.patience
        while True:
            with self.database.read() as connection:
                held = erasure.held(connection, account)
            if not held or time.monotonic() > deadline:
                return held
            time.sleep(POLL)

    def _inputs(self, account: str) -> int:
        """Remove the files that it has brought and nobody else needs.

        As garbage collection does, a file is marked before anybody looks who needs it: a request
        of another account that stores the same bytes meanwhile takes the mark away, and the file
        stays.
        """
        with self.database.snapshot() as connection:
            keys = sorted(input_key(sha256) for sha256 in retention.inputs_of(connection, account))
        for key in keys:
            with self.database.write() as connection:
                tombstones.mark(connection, key, self.now())
        with self.database.snapshot() as connection:
            needed = {
                input_key(sha256) for sha256 in retention.needed_inputs(connection, None, account)
            }
        return sum(self._remove(key, needed=key in needed) for key in keys)

    def _remove(self, key: str, *, needed: bool) -> bool:
        with self.database.write() as connection:
            # Whoever stores it meanwhile waits for this transaction, and then stores it anew.
            if not tombstones.clear(connection, key) or needed or not self.storage.exists(key):
                return False
            self.storage.delete(key)
        return True

    def _tasks(self, account: str) -> tuple[int, int, int]:
        """Remove what its tasks have made and were told; numbers of tasks, files and webhooks."""
        count = files = webhooks = 0
        after = ""
        while True:
            with self.database.read() as connection:
                ids = erasure.batch(connection, account, after)
            if not ids:
                return count, files, webhooks
            for id in ids:
                for key in list(self.storage.keys(results_prefix(id))):
                    self.storage.delete(key)
                    files += 1
            with self.database.write() as connection:
                webhooks += retention.delete_surroundings(connection, ids)
                erasure.clear(connection, ids, self.now())
            count += len(ids)
            after = ids[-1]
