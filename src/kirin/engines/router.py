"""The router: the first engine of the configured order that can make the whole video."""

from __future__ import annotations

from collections.abc import Sequence

from kirin.domain.storyboard import Storyboard
from kirin.engines.base import Engine, Reason
from kirin.errors import NoEngine


class Router:
    """Chooses among engines, in the order in which they are given."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        self.engines = tuple(engines)

    def refusals(self, storyboard: Storyboard) -> list[Reason]:
        """Why no engine can make the video: the shortest list of reasons; empty if one can."""
        reasons = [engine.unsupported(storyboard) for engine in self.engines]
        return min(reasons, key=len, default=[Reason("model", "no engine is set up here")])

    def choose(self, storyboard: Storyboard) -> Engine:
        """The engine that makes the video.

        Raises:
            NoEngine: none can; the message says why.
        """
        for engine in self.engines:
            if not engine.unsupported(storyboard):
                return engine
        raise NoEngine("; ".join(reason.message for reason in self.refusals(storyboard)))
