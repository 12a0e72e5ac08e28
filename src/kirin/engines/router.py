"""The router: which engines can render a video, and in which order to try them.

An engine that could not be reached is marked unavailable for a while: others are tried before it,
and after that time it takes its place again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kirin import __version__
from kirin.domain.callbacks import ReadAsset
from kirin.domain.storyboard import Storyboard
from kirin.engines.base import (
    Engine,
    PreviewingEngine,
    RemoteEngine,
    RemoteJob,
    UnsupportedFeature,
    WarmingEngine,
)
from kirin.errors import NoEngine

AnyEngine = Engine | RemoteEngine

MAKER_LENGTH = 128
"""Characters of an engine's name and version that are stored."""

Route = Sequence[Mapping[str, float]]
"""Where a model's videos are rendered: groups of engine names, the preferred group first. Within a
group, the weights are the shares of tasks for which each engine is tried first."""


class Router:
    """Chooses among engines.

    Args:
        engines: all engines, in the order for models without a route.
        routes: by model id; a model that has a route uses only the engines in it.
        rest_seconds: how long an engine that could not be reached counts as unavailable.
        now: a monotonic clock, in seconds.
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
        self._unavailable_until: dict[str, float] = {}

    def cancel(self, engine: str | None, job: RemoteJob) -> None:
        """Cancel a job on the engine of that name; does nothing if it is not a remote engine.

        Raises:
            KirinError: the remote side cannot be reached.
        """
        for each in self.engines:
            if each.name == engine and isinstance(each, RemoteEngine):
                each.cancel(job)

    def maker(self, engine: str) -> str | None:
        """What makes the same video of the same storyboard: an engine and its version.

        Engines are as old as this package unless they have a ``version`` of their own. ``None`` of
        an engine that does not keep to the seed.
        """
        for each in self.engines:
            if each.name == engine and getattr(each, "keeps_seed", True):
                return f"{engine} {getattr(each, 'version', __version__)}"[:MAKER_LENGTH]
        return None

    def refusals(self, storyboard: Storyboard) -> list[UnsupportedFeature]:
        """Why no engine can render the video: the shortest list of any; empty if one can.

        Engines that do not offer the model at all count only if no engine does.
        """
        found = [engine.unsupported(storyboard) for engine in self._route(storyboard)]

        def rank(features: list[UnsupportedFeature]) -> tuple[bool, int]:
            return any(feature.field == "model" for feature in features), len(features)

        nothing = [UnsupportedFeature("model", "no engine is configured on this server")]
        return min(found, key=rank, default=nothing)

    def choose(self, storyboard: Storyboard, preferred: str | None = None) -> AnyEngine:
        """The engine to try first; see :meth:`order`."""
        return self.order(storyboard, preferred)[0]

    def preview(self, storyboard: Storyboard, read: ReadAsset | None = None) -> Mapping[str, Any]:
        """What the engine that is tried first will show; empty where it cannot say.

        Args:
            storyboard: what to render.
            read: as for :meth:`~kirin.engines.base.PreviewingEngine.preview`.

        Raises:
            NoEngine: no engine can render the video.
        """
        engine = self.choose(storyboard)
        return engine.preview(storyboard, read) if isinstance(engine, PreviewingEngine) else {}

    def warm_up(self, busy: Callable[[], bool]) -> None:
        """Have the engines of this process do ahead what their first videos would wait for.

        Args:
            busy: whether a task is running; then the rest is left.
        """
        for engine in self.engines:
            if isinstance(engine, WarmingEngine) and not busy():
                engine.warm_up(busy)

    def order(
        self,
        storyboard: Storyboard,
        preferred: str | None = None,
        *,
        may_have_started: bool = False,
    ) -> list[AnyEngine]:
        """The engines that can render the video, in the order in which to try them.

        Args:
            storyboard: what to render; its seed decides within a weighted group, so that every
                process arrives at the same order.
            preferred: name of an engine to try before all others, if it can render the video.
            may_have_started: whether the preferred engine may have started the job already, and
                so is tried first even while it is marked unavailable.

        Returns:
            At least one engine; unavailable ones come last.

        Raises:
            NoEngine: no engine can; the message says why.
        """
        able = [each for each in self._route(storyboard) if not each.unsupported(storyboard)]
        if not able:
            raise NoEngine("; ".join(feature.message for feature in self.refusals(storyboard)))

        def rank(engine: AnyEngine) -> tuple[bool, bool]:
            wanted = engine.name == preferred
            last = self._is_unavailable(engine) and not (wanted and may_have_started)
            return last, not wanted

        return sorted(able, key=rank)  # stable: the others keep their order

    def mark_unavailable(self, engine: AnyEngine) -> None:
        """Note that an engine could not be reached."""
        self._unavailable_until[engine.name] = self._now() + self._rest_seconds

    def mark_available(self, engine: AnyEngine) -> None:
        """Note that an engine could be reached."""
        self._unavailable_until.pop(engine.name, None)

    def _is_unavailable(self, engine: AnyEngine) -> bool:
        return self._now() < self._unavailable_until.get(engine.name, float("-inf"))

    def _route(self, storyboard: Storyboard) -> list[AnyEngine]:
        route = self._routes.get(storyboard.model)
        if route is None:
            return list(self.engines)
        by_name = {engine.name: engine for engine in self.engines}
        chance = random.Random(storyboard.seed)  # noqa: S311  not used for a secret
        names: list[str] = []
        for group in route:
            # Weighted random order by the keys u ** (1 / weight): Efraimidis and Spirakis,
            # "Weighted random sampling with a reservoir" (2006), algorithm A.
            keys = {name: chance.random() ** (1 / weight) for name, weight in group.items()}
            names += sorted(keys, key=keys.__getitem__, reverse=True)
        return [by_name[name] for name in names if name in by_name]
