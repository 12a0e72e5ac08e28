"""A request for a video, before it is checked: a model, its parameters, and what goes beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """What a request says beside the parameters of its model (rule W-1).

    Attributes:
        moderation: whether pictures that a classifier objects to are refused.
        metadata: the client's own notes, given back with the task; ``None`` where there are none.
        parameters: parameters that the model does not have, given where they do no harm.
        dash_scope: a switch of another server's that has no effect here.
        seed: what chance follows from, 0 to 2**31 - 1; ``None`` where it is left to the server.
        cache: whether the result of an earlier task may be the answer (rule N-15).
        origin: what the dialect that took the request in keeps with the task; not for others.
    """

    moderation: bool = False
    metadata: Mapping[str, Any] | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    dash_scope: bool = False
    seed: int | None = None
    cache: bool = True
    origin: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ignored(self) -> tuple[str, ...]:
        """Names of what has no effect, as a task's metadata tells them."""
        unknown = tuple(f"parameters.{name}" for name in self.parameters)
        return (*unknown, "dash_scope") if self.dash_scope else unknown

    def as_json(self) -> dict[str, Any]:
        """What was given, by name: the members of a body that says the same."""
        given: dict[str, Any] = {}
        if self.moderation:
            given["moderation"] = True
        if self.metadata is not None:
            given["metadata"] = dict(self.metadata)
        if self.parameters:
            given["parameters"] = dict(self.parameters)
        if self.dash_scope:
            given["dash_scope"] = True
        if self.seed is not None:
            given["seed"] = self.seed
        if not self.cache:
            given["cache"] = False
        return given

    def stored(self) -> dict[str, Any]:
        """All of it, by name."""
        return {**self.as_json(), **({"origin": dict(self.origin)} if self.origin else {})}


NO_OPTIONS: Final = RequestOptions()
"""Of a request that says nothing beside its parameters."""


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """A request as it was read; nothing is known yet of whether its parameters are right."""

    model: str
    params: Mapping[str, Any]
    options: RequestOptions = NO_OPTIONS
