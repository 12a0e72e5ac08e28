"""Hair and clothes that sway."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kirin.domain.motion import MatterRequest, Substance
from kirin.engines.animatic.cinemagraph.matter.moving import MovingMatter
from kirin.engines.animatic.cinemagraph.matter.sway import SwayScale
from kirin.engines.animatic.cinemagraph.matter.sway_placing import Manner, place
from kirin.engines.animatic.cinemagraph.matter.sway_reach import Habit, Root
from kirin.engines.animatic.cinemagraph.matter.sway_wind import Breeze
from kirin.engines.animatic.cinemagraph.part import Still
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb
from kirin.vision.pose.estimator import PoseEstimate
from kirin.vision.regions.find import ENOUGH
from kirin.vision.regions.person import Held, find_clothes, find_hair, somebody

_Find = Callable[[Rgb, PoseEstimate, Plane | None], Held | None]

_LOOSE = 0.12  # share that hangs free, of what can be seen to sway

_FINDERS: Final[dict[Substance, _Find]] = {
    Substance.HAIR: find_hair,
    Substance.CLOTH: find_clothes,
}

_MANNERS: Final = {
    Substance.HAIR: Manner(
        Habit(Root.ABOVE, 0.013, length=0.6, whole=0.6),
        SwayScale(0.12, 0.03),
        Breeze(0.7, flutter=0.25, lift=0.3, light=0.03),
    ),
    Substance.CLOTH: Manner(
        Habit(Root.ABOVE, 0.013, length=0.6, whole=0.6, gaps=3),
        SwayScale(0.16, 0.05),
        Breeze(0.55, flutter=0.15, lift=0.35, light=0.07),
    ),
}


def move_worn(request: MatterRequest, still: Still) -> MovingMatter | None:
    """The hair or the clothes of the largest person of a picture, or what a mask marks."""
    picture, manner = still.seen, _MANNERS[request.substance]
    if still.mask is not None:
        return place(request, still, picture, still.mask, manner)
    people = still.people
    still.check()
    person = somebody(people, still.faces) if people else None
    if person is None:
        return None
    found = _FINDERS[request.substance](picture, person, still.subject)
    if found is None or found.region.confidence < ENOUGH or found.loose < _LOOSE:
        return None
    return place(request, still, picture, found.region.alpha, manner, found.still)
