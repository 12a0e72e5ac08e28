"""The router: which engines make a video, in which order.

An engine that could not be reached rests for a while: others are asked before it, and then it is
tried again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence

from kirin.domain.storyboard import Storyboard
from kirin.engines.base import Begun, Carrier, Engine, Reason
from kirin.errors import NoEngine

AnyEngine = Engine | Carrier

Route = Sequence[Mapping[str, float]]
"""Where a model's videos are made: groups of engines by name, the preferred group first. Within a
group the weights say how often each is asked first."""


class Router:
    """Chooses among engines.

    Args:
        engines: all that there are, in the order that models without a route have.
        routes: by model; what a route does not name is not asked for that model.
        rest_seconds: how long an engine rests that could not be reached.
        now: a clock in seconds that never goes back.
    """

    def __init__(
        self,
        engines: Sequence[AnyEngine],
        routes: Mapping[str, Route] | None = None,
        rest_seconds: float = 30,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.engines = tuple(engines)
        self._routes = dict(routes or {})
        self._rest_seconds = rest_seconds
        self._now = now
        self._resting: dict[str, float] = {}

    def call_off(self, engine: str | None, begun: Begun) -> None:
        """Have the engine of that name let go of an order, if it has machines elsewhere.

        Raises:
            KirinError: they cannot be asked.
        """
        for each in self.engines:
            if each.name == engine and isinstance(each, Carrier):
                each.call_off(begun)

    def refusals(self, storyboard: Storyboard) -> list[Reason]:
        """Why no engine can make the video: the shortest list of reasons; empty if one can.

        Engines that do not make the model at all have a say only if none does.
        """
        reasons = [engine.unsupported(storyboard) for engine in self._route(storyboard)]

        def rank(found: list[Reason]) -> tuple[bool, int]:
            return any(reason.field == "model" for reason in found), len(found)

        return min(reasons, key=rank, default=[Reason("model", "no engine is set up here")])

    def choose(self, storyboard: Storyboard, preferred: str | None = None) -> AnyEngine:
        """The engine to be asked first; see :meth:`order`."""
        return self.order(storyboard, preferred)[0]

    def order(
        self, storyboard: Storyboard, preferred: str | None = None, *, begun: bool = False
    ) -> list[AnyEngine]:
        """The engines that can make the video, in the order in which to ask them.

        Args:
            storyboard: what to make; its seed decides within a group of weights, so that every
                process comes to the same order.
            preferred: name of an engine to be asked before all others, if it is there.
            begun: whether that one may have begun the video, and so is asked first even if it
                rests.

        Returns:
            At least one; those that rest come last.

        Raises:
            NoEngine: none can; the message says why.
        """
        able = [each for each in self._route(storyboard) if not each.unsupported(storyboard)]
        if not able:
            raise NoEngine("; ".join(reason.message for reason in self.refusals(storyboard)))

        def rank(engine: AnyEngine) -> tuple[bool, bool]:
            wanted = engine.name == preferred
            return self._rests(engine) and not (wanted and begun), not wanted

        return sorted(able, key=rank)  # stable: the others keep their order

    def rest(self, engine: AnyEngine) -> None:
        """Note that an engine could not be reached."""
        self._resting[engine.name] = self._now() + self._rest_seconds

    def works(self, engine: AnyEngine) -> None:
        """Note that an engine could be reached."""
        self._resting.pop(engine.name, None)

    def _rests(self, engine: AnyEngine) -> bool:
        return self._now() < self._resting.get(engine.name, float("-inf"))

    def _route(self, storyboard: Storyboard) -> list[AnyEngine]:
        route = self._routes.get(storyboard.model)
        if route is None:
            return list(self.engines)
        by_name = {engine.name: engine for engine in self.engines}
        chance = random.Random(storyboard.seed)  # noqa: S311  no secret depends on it
        names: list[str] = []
        for group in route:
            # Efraimidis and Spirakis 2006: the largest of u ** (1 / weight) is a weighted choice.
            drawn = {name: chance.random() ** (1 / weight) for name, weight in group.items()}
            names += sorted(drawn, key=drawn.__getitem__, reverse=True)
        return [by_name[name] for name in names if name in by_name]
