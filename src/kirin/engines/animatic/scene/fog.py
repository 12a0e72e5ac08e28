"""Drifting banks of fog."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.scene.colour import Paint
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Depth
from kirin.engines.animatic.scene.noise import Noise
from kirin.engines.animatic.scene.setting import Setting


def fog_bank(setting: Setting, disparity: float, row: float, thick: float) -> SceneLayer:
    """A drifting bank of fog.

    Args:
        setting: of the scene.
        disparity: of the bank.
        row: where it is thickest, in pixels below the centre.
        thick: its greatest alpha.
    """
    lens = setting.lens
    rng = setting.rng(3000 + int(1000 * disparity))
    depth = Depth(disparity, disparity)
    drift = lens.width * (0.006 + 0.02 * disparity) * float(rng.choice([-1.0, 1.0]))
    tall = 0.13 * lens.height * (1 + disparity)
    reach = 1.8  # where the Gaussian below equals the 0.04 that is subtracted
    patch = lens.patch(
        depth, row - reach * tall, row + reach * tall, drift * setting.seconds, coarse=4
    )
    x, y = patch.x() / lens.height, patch.y() / lens.height
    noise = Noise(rng).fbm(x * 2.2 / (0.4 + disparity), y * 7.0 / (0.4 + disparity), 6, 0.52)
    band = np.maximum(np.exp(-(((patch.y() - row) / tall) ** 2)) - 0.04, 0.0)
    alpha = np.clip(thick * band * (0.62 + 1.1 * noise), 0, 0.94).astype(np.float32)
    air = setting.light.air(np.ascontiguousarray(patch.x() / np.float32(lens.focal)))
    rgb = np.broadcast_to(air * np.float32(1.04), (patch.height, patch.width, 3))
    return SceneLayer(Paint(np.ascontiguousarray(rgb), alpha), patch, depth, drift=drift)
