"""Foresight: what will move in pictures that are here already, found before they are rendered.

What looks into them is given; here is what keeps it from becoming a burden: one shot at a time,
of bounded size, for a bounded time, and no shot twice.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Final

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.callbacks import ReadAsset
from kirin.domain.intent import Intent
from kirin.domain.storyboard import Shot, Storyboard
from kirin.media.refusal import MediaRefused

SECONDS: Final = 8.0
"""How long one shot is looked at, at most."""

WAITING: Final = 2
"""Shots that are looked at or wait for it; of further ones words alone are told."""

LARGEST: Final = 50_000_000
"""Pixels of a picture or a frame: larger ones take long to decode."""

LONGEST: Final = 60.0
"""Seconds of a driving video: longer ones take long to read."""

_KEPT = 64  # answers that are remembered


@dataclass(frozen=True, slots=True)
class ForeseenShot:
    """A shot to look at.

    Attributes:
        storyboard: its video.
        index: its number.
        intent: what its prompt asks for.
        share: which share of the first picture's width it starts from.
        count: of its frames.
    """

    storyboard: Storyboard
    index: int
    intent: Intent
    share: float
    count: int

    @property
    def shot(self) -> Shot:
        """The shot itself."""
        return self.storyboard.shots[self.index]

    @property
    def assets(self) -> list[Asset]:
        """All that it is made from."""
        alone = replace(self.storyboard, shots=(self.shot,))
        return list(alone.assets())


Find = Callable[[ForeseenShot, ReadAsset, Callable[[], None]], dict[str, Any]]
"""Looks into the pictures of a shot; it calls its last argument between steps, which may raise."""


class Foresight:
    """Looks into the pictures of shots, one shot at a time, and remembers what it saw.

    Args:
        find: looks into the pictures of one shot.
        seconds: how long one shot is looked at, at most; ``None`` is :data:`SECONDS`.
        now: a monotonic clock, in seconds.
    """

    def __init__(
        self,
        find: Find,
        seconds: float | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._find = find
        self._seconds = SECONDS if seconds is None else seconds
        self._now = now
        self._places = threading.BoundedSemaphore(WAITING)
        self._turn = threading.Lock()
        self._guard = threading.Lock()
        self._known: OrderedDict[object, dict[str, Any]] = OrderedDict()

    def motion(self, seen: ForeseenShot, read: ReadAsset) -> dict[str, Any] | None:
        """What ``metadata.motion`` will say of a shot; motion control has its warnings with it.

        Returns:
            With ``warnings`` alone where the task would fail.
            ``None`` where it is not found before rendering: a picture or video has yet to be
            fetched, is very large, takes too long, or too many others are being looked at.
        """
        if not all(_handy(asset) for asset in seen.assets):
            return None
        # The seed chooses a camera where none is named; what is in the picture stays the same.
        key = replace(seen.storyboard, seed=0, model="", shots=(seen.shot,)), seen.index, seen.share
        with self._guard:
            known = self._known.get(key)
        if known is None:
            known = self._look(seen, read)
            if known is None:
                return None
            with self._guard:
                self._known[key] = known
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        return deepcopy(known)

    def _look(self, seen: ForeseenShot, read: ReadAsset) -> dict[str, Any] | None:
        with self._in_turn() as admitted:
            if not admitted:
                return None
            until = self._now() + self._seconds

            def check() -> None:
                if self._now() > until:
                    raise _OutOfTimeError

            try:
                return self._find(seen, read, check)
            except (_OutOfTimeError, MediaRefused, OSError):
                return None

    @contextmanager
    def _in_turn(self) -> Iterator[bool]:
        """One shot at a time; whether there was a place in the queue, and a turn in time."""
        if not self._places.acquire(blocking=False):
            yield False
            return
        try:
            if not self._turn.acquire(timeout=self._seconds):
                yield False
                return
            try:
                yield True
            finally:
                self._turn.release()
        finally:
            self._places.release()


class _OutOfTimeError(Exception):
    """A shot took longer to look at than a quote may."""


def _handy(asset: Asset) -> bool:
    """Whether an asset is here, and no burden to read."""
    if not asset.fetched or asset.width * asset.height > LARGEST:
        return False
    return asset.kind is AssetKind.IMAGE or (asset.seconds or 0.0) <= LONGEST
