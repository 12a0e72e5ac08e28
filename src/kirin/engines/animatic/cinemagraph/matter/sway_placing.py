"""Placing what sways: into the background, or into the colours of the cut-out subject."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kirin.domain.motion import MatterRequest
from kirin.engines.animatic.cinemagraph.matter.moving import MovingMatter
from kirin.engines.animatic.cinemagraph.matter.sway import SwayScale, sway_of
from kirin.engines.animatic.cinemagraph.matter.sway_reach import (
    Habit,
    Mask,
    reach_map,
    size_of_detail,
)
from kirin.engines.animatic.cinemagraph.matter.sway_wind import Breeze
from kirin.engines.animatic.cinemagraph.part import Rectangle, Still
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb
from kirin.vision.regions.region import without

_LEAF = 6.0  # typical sizes of detail from one leaf to the next that flutters by itself
_OWN = 0.5  # share of a region that is of the subject, from which the subject is what sways


@dataclass(frozen=True, slots=True)
class Manner:
    """How a substance sways."""

    habit: Habit
    scale: SwayScale
    breeze: Breeze


def place(
    request: MatterRequest,
    still: Still,
    picture: Rgb,
    alpha: Plane,
    manner: Manner,
    held: Mask | None = None,
) -> MovingMatter | None:
    """Make a region sway; ``None`` where it would hardly move.

    Args:
        request: what the prompt says.
        still: the picture.
        picture: with its subject in it.
        alpha: the region, of the picture's height and width.
        manner: how the substance sways.
        held: what does not move; without it, the roots are where the habit says.
    """
    alpha = still.free(alpha)
    own = _of_subject(alpha, still)
    if still.subject is not None:
        alpha = np.minimum(alpha, still.subject) if own else without(alpha, still.subject)
    if not alpha.any():
        return None
    shares = reach_map(picture, alpha, manner.habit, held)
    within = still.own_box if own else None
    leaf = max(manner.scale.leaf, _LEAF * size_of_detail(picture, alpha))
    scale = SwayScale(max(manner.scale.wavelength, leaf), leaf)
    part = sway_of(request, still, shares, alpha, scale, manner.breeze, within)
    if part is None:
        return None
    return MovingMatter(part, _in_picture(part.box, within), own)


def _of_subject(alpha: Plane, still: Still) -> bool:
    """Whether a region is for the most part of the cut-out subject."""
    if still.subject is None or still.own_box is None:
        return False
    shared = np.minimum(alpha, still.subject).astype(np.float32).sum()
    return bool(shared > _OWN * alpha.astype(np.float32).sum())


def _in_picture(box: Rectangle, within: Rectangle | None) -> Rectangle:
    """A box of a texture, in pixels of the picture."""
    if within is None:
        return box
    return Rectangle(
        box.left + within.left,
        box.top + within.top,
        box.right + within.left,
        box.bottom + within.top,
    )
