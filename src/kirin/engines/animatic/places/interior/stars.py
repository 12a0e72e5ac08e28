"""Space outside a ship's windows."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.scene.assembly import Drawable
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import DEEP, Depth
from kirin.engines.animatic.scene.points import Stars
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.space import paint_nebula, paint_planet


def star_field(setting: Setting) -> list[Drawable]:
    """A nebula, stars, and a planet that drifts by."""
    lens, rng = setting.lens, setting.rng(210)
    patch = lens.patch(DEEP, -np.inf, np.inf, coarse=3.0)
    parts: list[Drawable] = [
        SceneLayer(paint_nebula(setting.scene, patch, lens.focal), patch, DEEP, exact=True),
        Stars(setting.rng(211), lens, np.inf, 2.0),
    ]
    drift = 0.006 * lens.width * float(rng.choice([-1.0, 1.0]))
    radius = float(rng.uniform(0.14, 0.30)) * min(lens.width, lens.height)
    x = float(rng.uniform(-0.2, 0.2)) * lens.width
    y = -float(rng.uniform(0.0, 0.14)) * lens.height
    depth = Depth(0.02, 0.02)
    travel = drift * setting.seconds
    patch = lens.patch(depth, y - 1.4 * radius, y + 1.4 * radius, travel)
    parts.append(SceneLayer(paint_planet(setting.scene, patch, x, y, radius), patch, depth, drift=drift))
    return parts
