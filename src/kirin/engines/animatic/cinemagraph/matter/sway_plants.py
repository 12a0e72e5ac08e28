"""Plants that sway: grass, the leaves of trees, flowers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kirin.domain.motion import MatterRequest, Substance
from kirin.engines.animatic.cinemagraph.matter.moving import MovingMatter
from kirin.engines.animatic.cinemagraph.matter.sway import Gait, sway_of
from kirin.engines.animatic.cinemagraph.matter.sway_reach import Habit, Root, reach_map
from kirin.engines.animatic.cinemagraph.matter.sway_wind import Breeze
from kirin.engines.animatic.cinemagraph.part import Rectangle, Still
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb
from kirin.vision.regions.find import find_region
from kirin.vision.regions.region import without

_OWN = 0.5  # share of a region that is of the subject, from which the subject is what sways


@dataclass(frozen=True, slots=True)
class Growth:
    """How a kind of plant sways."""

    habit: Habit
    gait: Gait
    breeze: Breeze


_GROWTHS: Final = {
    Substance.GRASS: Growth(
        Habit(Root.BELOW, 0.024, length=0.25, scaled=True, shaded=True),
        Gait(0.2, 0.035),
        Breeze(0.55, flutter=0.22, lift=0.15, light=0.05),
    ),
    Substance.LEAVES: Growth(
        Habit(Root.TRUNK, 0.014, length=0.3, gaps=3, scaled=True),
        Gait(0.28, 0.03),
        Breeze(0.5, flutter=0.4, lift=0.3, light=0.02),
    ),
    Substance.FLOWERS: Growth(
        Habit(Root.STEM, 0.022, length=0.6, whole=0.7, gaps=6),
        Gait(0.6, 0.08),
        Breeze(0.45, flutter=0.12, lift=0.3),
    ),
}


def move_plant(request: MatterRequest, still: Still) -> MovingMatter | None:
    """Grass, leaves or flowers of a picture, also where they are its subject."""
    growth = _GROWTHS[request.substance]
    picture = whole_picture(still)
    alpha = still.mask
    if alpha is None:
        region = find_region(picture, request.substance)
        if region is None:
            return None
        alpha = region.alpha
    own = of_subject(alpha, still)
    if still.subject is not None:
        alpha = np.minimum(alpha, still.subject) if own else without(alpha, still.subject)
    if not alpha.any():
        return None
    still.check()
    shares = reach_map(picture, alpha, growth.habit)
    within = still.own_box if own else None
    part = sway_of(request, still, shares, alpha, growth.gait, growth.breeze, within)
    if part is None:
        return None
    return MovingMatter(part, in_picture(part.box, within), own)


def whole_picture(still: Still) -> Rgb:
    """The picture with its subject in it, as it was before that was cut out."""
    if still.subject is None or still.own is None or still.own_box is None:
        return still.picture
    picture, box = still.picture.copy(), still.own_box
    part = np.s_[box.top : box.bottom, box.left : box.right]
    alpha = still.subject[part].astype(np.float32)[..., None] / np.float32(255)
    mixed = still.own * alpha + picture[part] * (1 - alpha)
    picture[part] = np.clip(np.round(mixed), 0, 255).astype(np.uint8)
    return picture


def of_subject(alpha: Plane, still: Still) -> bool:
    """Whether a region is for the most part of the cut-out subject."""
    if still.subject is None or still.own_box is None:
        return False
    shared = np.minimum(alpha, still.subject).astype(np.float32).sum()
    return bool(shared > _OWN * alpha.astype(np.float32).sum())


def in_picture(box: Rectangle, within: Rectangle | None) -> Rectangle:
    """A box of a texture, in pixels of the picture."""
    if within is None:
        return box
    return Rectangle(
        box.left + within.left,
        box.top + within.top,
        box.right + within.left,
        box.bottom + within.top,
    )
