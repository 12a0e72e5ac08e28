"""How many event streams each account holds open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from kirin.errors import TooManyStreams


class StreamSlots:
    """Limits the streams of an account in this process."""

    def __init__(self, most: int) -> None:
        """Begin with no stream open.

        Args:
            most: streams that an account may hold open at a time.
        """
        self._most = most
        self._taken: Counter[str] = Counter()

    def take(self, account: str) -> Callable[[], None]:
        """Take a slot; what is returned gives it back.

        Raises:
            TooManyStreams: the account has none left.
        """
        if self._taken[account] >= self._most:
            raise TooManyStreams(
                f"the account has {self._most} event streams open, which is the limit: "
                "one stream of the account tells of all tasks"
            )
        self._taken[account] += 1

        def give_back() -> None:
            self._taken[account] -= 1
            if not self._taken[account]:
                del self._taken[account]

        return give_back
