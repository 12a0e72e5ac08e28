"""Painting: a painter, the canvas on its easel, and the brush between them."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.cast.dressing import PICTURES
from kirin.engines.animatic.cast.lines import stretch
from kirin.engines.animatic.cast.motion import Motion
from kirin.engines.animatic.cast.rehearsal import Rehearsal


def paint(r: Rehearsal, index: int) -> None:
    """A brush that goes up and down where the picture is."""
    host = r.motions[index][0]
    goal = r.cast.members[index].target
    others = r.motions[goal] if goal is not None and goal != index else []
    side = 1.0 if host.heading[0] >= 0 else -1.0
    host.rotation = host.rotation + side * 0.03 * (0.5 + 0.5 * r.wave(0.5))
    canvas = others[0] if others else r.hold(("framed-picture",), host, 0.5, 0.2, 0.58)
    if canvas is None:
        return
    if canvas.costume.art in PICTURES:
        _stand(r, index, canvas, side)
    elif not others:
        canvas.ground = host.ground.copy()
    brush = r.hold(("paintbrush", "pencil"), host, 0.5, 0.4, 0.30)
    if brush is None:
        return
    brush.heading[:] = 1.0
    wide = canvas.width(r.view.aspect)
    nearer = float(np.sign(host.x[0] - canvas.x[0])) or 1.0
    brush.x = canvas.x + wide * (0.14 * r.wave(0.45) + 0.30 * nearer)
    brush.row = canvas.middle() + 0.16 * canvas.height * r.wave(0.9) + 0.5 * brush.height
    brush.disparity = canvas.disparity * 1.02
    brush.rotation = 0.18 * r.wave(0.9) - 0.2


def _stand(r: Rehearsal, index: int, canvas: Motion, side: float) -> None:
    """Put a canvas on an easel beside its painter, the two of them in the middle."""
    host = r.motions[index][0]
    wide = canvas.width(r.view.aspect)
    shift = 0.5 * side * wide
    for motion in r.motions[index]:
        motion.x = motion.x - shift
    canvas.x = host.x + side * (0.5 * host.width(r.view.aspect) + 0.60 * wide)
    canvas.row = host.row - 0.30 * host.height
    canvas.ground = np.full(r.frames, np.nan)
    canvas.disparity = host.disparity * 1.004
    for foot in (-0.40, 0.0, 0.40):
        top = (canvas.x + 0.10 * foot * wide, canvas.top() - 0.06 * canvas.height)
        floor = (canvas.x + foot * wide, host.row - 0.02 * (foot == 0.0))
        leg = stretch(r, canvas, "wood", top, floor, 0.013)
        leg.disparity = canvas.disparity * 0.998
