"""Neon: a dark picture whose edges shine like tubes."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.look.frame_format import FrameFormat
from kirin.engines.animatic.look.frame_style import enlarge, reduced, resized, soft
from kirin.engines.animatic.look.lines import drawn_lines, lightness
from kirin.engines.animatic.look.textures import noise
from kirin.vision.planes import Planes

# Chroma of the tubes, U and V about 128: magenta, cyan, violet (BT.709).
_TUBES = np.array([[22.0, 66.0], [34.0, -62.0], [62.0, 18.0]], np.float32)


class Neon:
    """Glowing saturated edges over a picture at a quarter of its light."""

    def __init__(self, form: FrameFormat) -> None:
        self._form = form
        fields = np.stack(
            [resized(noise(form, tag, {150.0: 1.0}), form.work) for tag in (140, 141, 142)]
        )
        # Which tube lights which region: soft regions, because tubes have one colour each.
        weights = np.exp(3.0 * fields)
        weights /= weights.sum(axis=0)
        self._hue = np.tensordot(_TUBES.T, weights, 1).astype(np.float32)

    def apply(self, planes: Planes, index: int) -> None:  # noqa: ARG002
        """Restyle a frame in place."""
        scale = self._form.scale
        y, u, v = reduced(planes, self._form.work)
        tube = drawn_lines(lightness(y), 1.25 * scale + 0.2, 36.0, 0.010)
        size = tube.shape[1], tube.shape[0]
        few = resized(tube, (max(2, size[0] // 4), max(2, size[1] // 4)))
        halo = soft(few, 1.5 * scale + 0.2) * np.float32(0.75) + soft(
            few, 5 * scale + 0.4
        ) * np.float32(1.1)
        glow = np.clip(resized(np.asarray(halo, np.float32), size, 1), 0, 1)
        dim = 16 + (y - 16) * np.float32(0.20)
        light = 1 - (1 - tube) * (1 - np.float32(0.52) * glow)
        enlarge(np.asarray(dim + (226 - dim) * light * (0.72 + 0.28 * tube), np.float32), planes.y)
        # The core of a tube is nearly white, its halo is pure colour.
        colour = np.clip(1.15 * glow + 0.55 * tube, 0, 1) * (1 - np.float32(0.35) * tube)
        for plane, chroma, hue, night in (
            (planes.u, u, self._hue[0], 11),
            (planes.v, v, self._hue[1], 2),
        ):
            # What no tube lights has the blue of night.
            own = (chroma - 128) * np.float32(0.45)
            enlarge(
                np.asarray(
                    128 + (own + night) * (1 - colour) + (0.75 * hue + 0.8 * own) * colour,
                    np.float32,
                ),
                plane,
            )
