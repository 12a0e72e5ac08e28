"""Another light over a video: told anew every second, for its pictures change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from kirin.domain.cast import Missing
from kirin.domain.frame import Frame
from kirin.domain.motion import Illumination, PictureMotion
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.light.plan import LightPlan
from kirin.engines.animatic.cinemagraph.light.relight import RelightPart
from kirin.engines.animatic.cinemagraph.light.scenery import Scenery
from kirin.engines.animatic.cinemagraph.part import Acted, Cinemagraph, Still
from kirin.engines.animatic.footage.survey import FootageSurvey
from kirin.vision.planes import Rgb

_REST: Final = Pose()

_FIXED: Final = frozenset({Illumination.LAMPS_ON, Illumination.LAMPS_OFF, Illumination.WINDOWS_ON})
"""What happens at places of the picture, which a moving camera leaves behind."""


@dataclass(frozen=True, slots=True)
class _LightKey:
    """The light as it is told from one picture.

    Attributes:
        number: of its frame.
        part: ``None`` where the picture asks for no change.
        open: whether the picture has a sky.
    """

    number: int
    part: RelightPart | None
    open: bool


@dataclass(slots=True)
class FootageLight:
    """The light of a video, blended between the moments at which it is told.

    Attributes:
        acted: what of the prompt is honoured.
        missing: what is not.
    """

    _survey: FootageSurvey
    _keys: list[_LightKey]
    acted: list[Acted] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    @classmethod
    def of(
        cls, motion: PictureMotion, survey: FootageSurvey, still: Callable[[Rgb], Still]
    ) -> FootageLight:
        """Look at the pictures of a survey.

        Args:
            motion: whose light is asked for.
            survey: of the video.
            still: a picture of it as the one that parts are made for.
        """
        made = cls(survey, [])
        light = [each for each in motion.light if survey.holds or each.becomes not in _FIXED]
        unmoved = [each for each in motion.light if each not in light]
        made.missing += [Missing(each.word, "motion") for each in unmoved]
        for number, picture in sorted(survey.stills.items()):
            here = still(picture)
            scenery = Scenery.of(here)
            here.check()
            plan = LightPlan(here, scenery, motion)
            for request in light:
                plan.add(request)
            if not made._keys:
                made.acted += plan.acted
                made.missing += plan.missing
            sources = plan.sources if survey.holds and not made._keys else ()
            part = None
            if plan.effects or sources:
                start = scenery.unchanged()
                part = RelightPart(here, Cinemagraph(), start, plan.effects, sources)
            made._keys.append(_LightKey(number, part, scenery.open_sky is not None))
            if survey.holds and survey.motion.trust > 0.5 and _still(survey.poses()):
                break  # one picture tells the light of a video in which nothing but people moves
        made._keys = _of_one_mind(made._keys)
        return made

    def apply(self, frame: Frame, number: int) -> Frame:
        """A frame in its light; it is changed in place."""
        before, after, share = self._around(number)
        if share <= 0 or before is after:
            return self._lit(before, frame, number)
        other = self._lit(after, frame.copy(), number)
        own = self._lit(before, frame, number)
        mixed = cv2.addWeighted(own, 1 - share, other, share, 0)
        return np.asarray(mixed, np.uint8)

    def _lit(self, key: _LightKey, frame: Frame, number: int) -> Frame:
        if key.part is None:
            return frame
        first, end = self._survey.shot_of(number)
        tracked = first <= key.number < end and self._survey.motion.trust > 0.5
        pose = self._survey.pose_since(key.number, number) if tracked else _REST
        return key.part.apply(frame, pose, number)

    def _around(self, number: int) -> tuple[_LightKey, _LightKey, float]:
        """The keys before and after a frame within its shot, and how far it is between them."""
        first, end = self._survey.shot_of(number)
        inside = [key for key in self._keys if first <= key.number < end]
        if not inside:
            nearest = min(self._keys, key=lambda key: abs(key.number - number))
            return nearest, nearest, 0.0
        before = [key for key in inside if key.number <= number]
        after = [key for key in inside if key.number > number]
        if not before or not after:
            only = (before or after)[-1 if before else 0]
            return only, only, 0.0
        share = (number - before[-1].number) / (after[0].number - before[-1].number)
        return before[-1], after[0], share


def _of_one_mind(keys: list[_LightKey]) -> list[_LightKey]:
    """Keys that all know a sky, or none of them: else it would come and go by the second."""
    known = [key for key in keys if key.open]
    return known if 2 * len(known) >= len(keys) and known else [k for k in keys if not k.open]


def _still(poses: Sequence[Pose]) -> bool:
    far = max(max(abs(each.x), abs(each.y), abs(each.roll), abs(each.zoom - 1)) for each in poses)
    return far < 0.01
