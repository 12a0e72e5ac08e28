"""How many connections each account holds open at a time, to be told something later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from kirin.errors import ApiError


class AccountSlots:
    """Limits something that accounts do at the same time in this process."""

    def __init__(self, most: int, refusal: Callable[[], ApiError]) -> None:
        """Begin with every slot free.

        Args:
            most: slots of an account.
            refusal: makes the error for an account that has none left.
        """
        self._most = most
        self._refusal = refusal
        self._taken: Counter[str] = Counter()

    def take(self, account: str) -> Callable[[], None]:
        """Take a slot; what is returned gives it back.

        Raises:
            ApiError: the account has none left.
        """
        if self._taken[account] >= self._most:
            raise self._refusal()
        self._taken[account] += 1

        def give_back() -> None:
            self._taken[account] -= 1
            if not self._taken[account]:
                del self._taken[account]

        return give_back
