"""Resolutions and shapes: which mode of a model makes the pixels that were asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from kirin.catalogue.card import Card
from kirin.catalogue.parameters import Choice
from kirin.catalogue.sizes import FULL_HD, HD
from kirin.domain.storyboard import Storyboard
from kirin.errors import InvalidParameters, Problem
from kirin.http.dialects.sizes import TOLERANCE
from kirin.orchestration.request_validation import RequestValidator, ValidatedRequest

RESOLUTIONS: Final[Mapping[str, int]] = {"720p": HD, "1080p": FULL_HD}
"""Pixels of a frame, by the word for them, whatever the shape."""


@dataclass(frozen=True, slots=True)
class ShapeFinder:
    """Finds out what makes a resolution, by planning the video in each mode.

    Attributes:
        modes: in which it may be made, the best first; empty for all of the model's.
    """

    validator: RequestValidator
    account: str
    card: Card
    modes: Sequence[str] = ()

    def find(
        self, resolution: object, shape: object, params: Mapping[str, Any]
    ) -> Mapping[str, str]:
        """What to add to the parameters of a request.

        Where something else is wrong with the request, whoever checks it will say so.

        Args:
            resolution: such as ``720p``; ``None`` for any.
            shape: such as ``16:9``, of a model that has no parameter for it; ``None`` for any.

        Raises:
            InvalidParameters: the model makes no such videos.
        """
        made: list[str] = []
        ways = [*self._ways(params)]
        for way in ways:
            try:
                planned = self.validator.check(self.account, self.card, {**params, **way})
            except InvalidParameters:
                continue
            if not isinstance(planned.plan, Storyboard):
                continue
            name = resolution_of(planned.plan)
            if resolution not in (None, name):
                made.append(name)
                continue
            if shape is not None:
                self._check_shape(shape, planned, planned.plan)
            return way
        if made:
            likes = " or ".join(dict.fromkeys(made))
            message = f"{self.card.id} makes {likes} of this, not {str(resolution)[:16]}"
            raise InvalidParameters([Problem("resolution", "not_an_option", message)])
        return ways[0]

    def _ways(self, params: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
        mode = next((p for p in self.card.parameters if p.name == "mode"), None)
        if not isinstance(mode, Choice) or not mode.absent(params.get("mode")):
            yield {}
            return
        for each in [m for m in self.modes if m in mode.options] or mode.options:
            yield {"mode": each}

    def _check_shape(self, shape: object, planned: ValidatedRequest, plan: Storyboard) -> None:
        message = f"{self.card.id} has no such parameter: its videos have the shape of the picture"
        wanted = ratio_of(shape)
        unseen = len(planned.inputs.known) < len(planned.inputs.media)
        if wanted is None or unseen or abs(plan.width / plan.height / wanted - 1) > TOLERANCE:
            raise InvalidParameters([Problem("aspect_ratio", "not_an_option", message)])


def resolution_of(plan: Storyboard) -> str:
    """The word for the pixels of a plan, or its size where there is none."""
    area = plan.width * plan.height
    for name, wanted in RESOLUTIONS.items():
        if abs(area / wanted - 1) <= TOLERANCE:
            return name
    return f"{plan.width}x{plan.height}"


def ratio_of(shape: object) -> float | None:
    """Width to height, of a text such as ``16:9``."""
    if not isinstance(shape, str):
        return None
    width, _, height = shape.partition(":")
    if not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in (width, height)):
        return None
    return float(Fraction(int(width), int(height))) if int(height) and int(width) else None
