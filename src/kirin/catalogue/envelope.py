"""Envelopes: an object of ``params`` that some documents show around all parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kirin.catalogue.parameters import Problems
from kirin.catalogue.shown_values import json_type
from kirin.catalogue.structures import MOST_UNKNOWN, shorten
from kirin.errors import Problem


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """An object that may hold all parameters instead of ``params`` itself.

    What is wrong inside is named as if it stood in ``params``.

    Attributes:
        name: of the object.
        rules: ids of the contract rules that it enforces.
    """

    name: str
    rules: tuple[str, ...]

    @property
    def message(self) -> str:
        """The condition as a sentence."""
        return f"the parameters stand in {self.name}, all of them, or beside one another without it"

    def describe(self) -> dict[str, Any]:
        """The condition for machines."""
        return {"kind": "envelope", "params": [self.name]}

    def opened(self, params: Mapping[str, Any], problems: Problems) -> Mapping[str, Any]:
        """The parameters, out of the envelope if they came in it.

        Of a mixture those of both places are returned, so that all that is wrong is told at once.
        """
        inside = params.get(self.name)
        outside = {name: given for name, given in params.items() if name != self.name}
        if inside is None:
            return outside
        if not isinstance(inside, Mapping):
            message = f"must be an object with the parameters, not a JSON {json_type(inside)}"
            problems.append(Problem(self.name, "wrong_type", message, self.rules))
            return outside
        if beside := [shorten(name) for name, given in outside.items() if given is not None]:
            message = f"{self.message}; beside it are {', '.join(beside[:MOST_UNKNOWN])}"
            problems.append(Problem(self.name, "not_in_this_combination", message, self.rules))
        return {**outside, **inside}
