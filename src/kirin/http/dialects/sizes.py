"""Sizes: which mode and shape of a model make a video of the size that was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from kirin.catalogue.card import Card
from kirin.catalogue.parameters import Choice
from kirin.domain.storyboard import Storyboard
from kirin.errors import InvalidParameters, Problem
from kirin.orchestration.request_validation import RequestValidator, ValidatedRequest

SIZE: Final = re.compile(r"(\d{2,5})x(\d{2,5})", re.ASCII)
CHOSEN: Final = ("mode", "aspect_ratio")
"""The parameters that a size is made of."""

TOLERANCE: Final = 0.02
"""How far the area may be off where the shape is that of a picture that nobody has seen yet."""


@dataclass(frozen=True, slots=True)
class SizeFinder:
    """Finds out what makes a size, by planning the video in each way that there is.

    Attributes:
        modes: in which it may be made, the best first; empty for all of the model's.
    """

    validator: RequestValidator
    account: str
    card: Card
    modes: Sequence[str] = ()

    def find(self, size: object, params: Mapping[str, Any]) -> Mapping[str, str]:
        """What to add to the parameters of a request so that its video has a size.

        Where something else is wrong with the request, whoever checks it will say so.

        Raises:
            InvalidParameters: the model makes no video of this size.
        """
        wanted = SIZE.fullmatch(size) if isinstance(size, str) else None
        if wanted is None:
            raise _refusal("wrong_form", "it takes width x height in pixels, such as '1280x720'")
        width, height = int(wanted[1]), int(wanted[2])
        made: list[str] = []
        first: Mapping[str, str] = {}
        for way in self._ways(params):
            first = first or way
            try:
                planned = self.validator.check(self.account, self.card, {**params, **way})
            except InvalidParameters:
                continue
            plan = planned.plan
            if not isinstance(plan, Storyboard):
                continue
            if _fits(planned, plan, width, height):
                return way
            made.append(f"{plan.width}x{plan.height}")
        if not made:
            return first
        likes = " or ".join(dict.fromkeys(made))
        raise _refusal("not_an_option", f"{self.card.id} makes {likes} of this, not {size}")

    def _ways(self, params: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
        options: list[tuple[str, Sequence[str]]] = []
        for parameter in self.card.parameters:
            if parameter.name in CHOSEN and isinstance(parameter, Choice):
                if not parameter.absent(params.get(parameter.name)):
                    continue
                modes = [mode for mode in self.modes if mode in parameter.options]
                here = modes if parameter.name == "mode" and modes else parameter.options
                options.append((parameter.name, here))
        names = [name for name, _ in options]
        for values in product(*(values for _, values in options)):
            yield dict(zip(names, values, strict=True))


def _fits(planned: ValidatedRequest, plan: Storyboard, width: int, height: int) -> bool:
    if (plan.width, plan.height) == (width, height):
        return True
    unseen = len(planned.inputs.known) < len(planned.inputs.media)
    return unseen and abs(plan.width * plan.height / (width * height) - 1) <= TOLERANCE


def _refusal(code: str, message: str) -> InvalidParameters:
    return InvalidParameters([Problem("size", code, message)])
