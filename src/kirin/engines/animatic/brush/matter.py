"""Matter that moves in a picture under painted masks, and never in what is held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, cast

import cv2
import numpy as np

from kirin.domain.cast import Heading
from kirin.domain.motion import MatterRequest, PictureMotion
from kirin.engines.animatic.cinemagraph.assembly import assemble
from kirin.engines.animatic.cinemagraph.part import Cinemagraph
from kirin.engines.animatic.cinemagraph.still import PictureTexture, still_of
from kirin.engines.animatic.shot import ShotContext
from kirin.vision.easing import Floats
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb, resize
from kirin.vision.regions.find import find_region

Animate = Callable[[PictureTexture, Plane | None], Cinemagraph]
"""Finds what moves in a texture; told what is held in it, of the texture's height and width."""

_FEATHER: Final = 0.012  # of the longer side: over which matter fades in beside what is held
_WITHIN: Final = 0.5  # share of a painted part from which it is of a matter
_LOOK: Final = 640  # longest side at which that is looked up

UNHELD: Final = {"region": "what is not held"}
"""Details of matter whose region is told by the static mask, since no colour told it."""


def moving_matter(context: ShotContext, requests: Sequence[MatterRequest]) -> Animate | None:
    """What makes the matter of a shot move; ``None`` where its prompt names none.

    Args:
        context: of the shot.
        requests: the matter.
    """
    if not requests:
        return None
    motion = PictureMotion(matter=tuple(requests))

    def animate(texture: PictureTexture, held: Plane | None) -> Cinemagraph:
        still = replace(still_of(texture, context), held=held)
        made = assemble(motion, still)
        sole = len({each.substance for each in requests}) == 1
        if made.acted or not sole or held is None or not held.any():
            return made
        if assemble(motion, replace(still, held=None)).acted:
            return made  # it is there, and all of it is held
        # Where what does not move is painted, and one matter named, the rest is meant.
        made = assemble(motion, replace(still, mask=_feathered(held)))
        made.acted = [replace(act, details={**act.details, **UNHELD}) for act in made.acted]
        return made

    return animate


def heading_of(
    rgb: Rgb, mask: Plane, offsets: Floats, requests: Sequence[MatterRequest]
) -> tuple[MatterRequest, Heading] | None:
    """The matter that a painted part is of, and the way of its path.

    A stretch of water is not to be carried away over its bed like a boat: it flows where it is.

    Args:
        rgb: the picture.
        mask: of the part, of the picture's height and width.
        offsets: its displacement in each frame, x and y.
        requests: the matter that the prompt names.

    Returns:
        ``None`` for a part that is a thing.
    """
    scale = min(1.0, _LOOK / max(mask.shape))
    size = max(round(mask.shape[1] * scale), 8), max(round(mask.shape[0] * scale), 8)
    small = resize(rgb, *size)
    part = cv2.resize(mask, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    for request in requests:
        region = find_region(small, request.substance)
        if region is None:
            continue
        if float((part * (region.alpha > 127)).sum()) >= _WITHIN * float(part.sum()):
            x, y = offsets[-1].tolist()
            aside = Heading.LEFT if x < 0 else Heading.RIGHT
            return request, aside if abs(x) >= abs(y) else Heading.UP if y < 0 else Heading.DOWN
    return None


def _feathered(held: Plane) -> Plane:
    """Opaque away from what is held, and fading towards it; the border of a picture is no edge."""
    open_ = (held <= 127).astype(np.uint8)
    away = cv2.distanceTransform(open_, cv2.DIST_L2, 5)
    feather = max(_FEATHER * max(held.shape), 2.0)
    return cast(Plane, np.clip((away - 2) * (255 / feather), 0, 255).astype(np.uint8))
