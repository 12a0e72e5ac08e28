"""Writes of several threads that share a transaction of SQLite, and so the wait for the disk.

A commit costs as much as all the statements of a small transaction, and the disk takes a few of
them in the time of hundreds of statements. Whoever waits for the turn to write therefore leaves its
work where the one whose turn it is finds it, and that one does all of it, each within a savepoint.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Lock
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from kirin.database.prepared import Prepared

T = TypeVar("T")

Transaction = Callable[[], AbstractContextManager[Connection]]

_SAVE = Prepared(text("SAVEPOINT share"))
_KEEP = Prepared(text("RELEASE share"))
_UNDO = Prepared(text("ROLLBACK TO share"))


class _Share(Generic[T]):
    """The work of one thread, and what became of it.

    Attributes:
        done: whether it was committed, or has failed.
    """

    def __init__(self, work: Callable[[Connection], T]) -> None:
        self._work = work
        self._value: T
        self._error: BaseException | None = None
        self.done = False

    def do(self, connection: Connection) -> None:
        """Do it alone in a transaction.

        Raises:
            BaseException: whatever it raises.
        """
        self._value = self._work(connection)

    def do_beside_others(self, connection: Connection) -> None:
        """Do it; if it fails, nothing of it is left.

        Raises:
            sqlalchemy.exc.DBAPIError: the database fails, and so all others do.
        """
        _SAVE.execute(connection, {})
        try:
            self._value = self._work(connection)
        except Exception as error:
            if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError):
                raise
            self._error = error
            _UNDO.execute(connection, {})
        _KEEP.execute(connection, {})

    def fail(self, error: BaseException) -> None:
        """Note that nothing was committed; that comes before any reason of its own, which may
        follow from what others have written."""
        self._error = error

    def result(self) -> T:
        """What it returned.

        Raises:
            BaseException: what it raised, or why nothing was committed.
        """
        if self._error is not None:
            raise self._error
        return self._value


class SharedWrites:
    """Does the work of threads that wait for their turn to write."""

    def __init__(self, turn: Lock, transaction: Transaction, patience: float) -> None:
        """Set up.

        Args:
            turn: held by the thread of this process that writes.
            transaction: opens a transaction, which is committed at the end of its block.
            patience: seconds to wait for the turn before a thread goes without.
        """
        self._turn = turn
        self._transaction = transaction
        self._patience = patience
        self._waiting: deque[_Share[Any]] = deque()

    def do(self, work: Callable[[Connection], T]) -> T:
        """Do work in a transaction; it is committed when this returns.

        Args:
            work: called in any thread.

        Raises:
            BaseException: whatever it raises, or why nothing was committed.
        """
        share = _Share(work)
        self._waiting.append(share)
        while not self._turn.acquire(timeout=self._patience):
            try:
                self._waiting.remove(share)
            except ValueError:  # another thread is doing it
                continue
            self._do_all([share])
            return share.result()
        try:
            if not share.done:
                self._do_all([self._waiting.popleft() for _ in range(len(self._waiting))])
        finally:
            self._turn.release()
        return share.result()

    def _do_all(self, shares: list[_Share[Any]]) -> None:
        try:
            with self._transaction() as connection:
                if len(shares) == 1:
                    shares[0].do(connection)
                else:
                    for share in shares:
                        share.do_beside_others(connection)
        except BaseException as error:
            for share in shares:
                share.fail(error)
        for share in shares:
            share.done = True
