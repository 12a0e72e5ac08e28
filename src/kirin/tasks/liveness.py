"""Liveness: each worker holds a lock that ends with its process, however the process ends."""

from __future__ import annotations

from typing import Protocol


class Lock(Protocol):
    """The lock of this process's worker."""

    def check(self) -> None:
        """Make sure that the lock is still held.

        Raises:
            Exception: the lock is lost, or its state cannot be determined. The worker must end
                its process: other workers consider it dead and take over its tasks.
        """
        ...

    def release(self) -> None:
        """Release the lock."""
        ...


class Liveness(Protocol):
    """Acquires the locks of workers, and tells whose lock is free."""

    def hold(self, worker: str) -> Lock:
        """Acquire the lock of a worker, until it is released or this process ends.

        Raises:
            BlockingIOError: another process holds it.
        """
        ...

    def is_dead(self, worker: str) -> bool:
        """Whether no process holds the lock of that worker."""
        ...
