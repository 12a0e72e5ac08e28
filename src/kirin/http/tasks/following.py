"""What requests that wait for a task share: who tells of news, and how many may wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kirin.errors import TooManyStreams, TooManyWaiting
from kirin.http.tasks.account_slots import AccountSlots
from kirin.http.tasks.notifier import Notifier

MAX_WAITING: Final = 100
"""Requests of an account that wait in this process at a time: each holds a connection, of which
there are so many for all."""


@dataclass(frozen=True)
class Following:
    """How tasks are followed in this process.

    Attributes:
        streams: event streams that are open.
        waiting: requests that wait for their answer.
        seconds: how long such a request waits at most; the task goes on after that.
    """

    notifier: Notifier
    streams: AccountSlots
    waiting: AccountSlots
    seconds: float


def following(notifier: Notifier, max_streams: int, seconds: float) -> Following:
    """Begin with nobody waiting.

    Args:
        max_streams: event streams that an account may hold open.
        seconds: as in :class:`Following`.
    """
    message = (
        f"the account has {max_streams} event streams open, which is the limit: "
        "one stream of the account tells of all tasks"
    )
    return Following(
        notifier=notifier,
        streams=AccountSlots(max_streams, lambda: TooManyStreams(message)),
        waiting=AccountSlots(MAX_WAITING, TooManyWaiting),
        seconds=seconds,
    )
