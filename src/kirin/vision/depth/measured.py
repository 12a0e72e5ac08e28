"""Layers with disparities from a depth map."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.depth.layer import DepthLayer, LayerKind

Floats = NDArray[np.float32]

_RANGE = (0.02, 0.98)  # quantiles of the map that become 0 and ``_NEAREST``
_NEAREST = 0.9
_SLOPED = 0.5  # share of the variance that rows must explain for a backdrop to be a ground
_SEEN = 0.5  # visibility from which a pixel counts for a layer


def measure_layers(layers: tuple[DepthLayer, ...], depth: NDArray[Any]) -> tuple[DepthLayer, ...]:
    """Take the disparities of layers, and the order of the subjects, from a depth map.

    Args:
        layers: back to front.
        depth: disparity of each pixel up to scale and offset, larger is nearer; 0 to 255 or 0
            to 1, of any size.
    """
    height, width = layers[0].alpha.shape
    disparity = _normalised(depth, width, height)
    back: list[DepthLayer] = []
    front: list[DepthLayer] = []
    free = np.ones((height, width), np.float32)
    for layer in reversed(layers):
        alpha = layer.alpha.astype(np.float32) / np.float32(255)
        seen = alpha * free > _SEEN
        free = free * (1 - alpha)
        measured = _measured(layer, disparity, seen) if seen.any() else layer
        (front if layer.kind.cut_out else back).append(measured)
    return (*reversed(back), *sorted(front, key=lambda layer: layer.near))


def _normalised(depth: NDArray[Any], width: int, height: int) -> Floats:
    depth = cv2.resize(depth.astype(np.float32), (width, height))
    least, most = np.quantile(depth, _RANGE)
    return cast(Floats, np.clip((depth - least) / max(most - least, 1e-6), 0, 1) * _NEAREST)


def _measured(layer: DepthLayer, disparity: Floats, seen: NDArray[np.bool_]) -> DepthLayer:
    """A layer with the disparity that its visible pixels have."""
    if layer.kind is LayerKind.SKY:
        return layer
    values = disparity[seen]
    middle = float(np.median(values))
    if layer.kind.cut_out:
        return replace(layer, far=middle, near=middle)
    rows = (np.nonzero(seen)[0] + 0.5) / len(seen)
    if values.var() < 1e-5 or rows.var() < 1e-5:
        return replace(layer, kind=LayerKind.FAR, far=middle, near=middle, foot=None, head=0.0)
    slope, start = np.polyfit(rows, values, 1)
    explained = 1.0 - float((values - slope * rows - start).var() / values.var())
    sloped = slope > 0.1 and explained > _SLOPED
    if layer.kind is LayerKind.FAR and not sloped:
        return replace(layer, far=middle, near=middle)
    far, near = (float(np.clip(slope * row + start, 0, 1)) for row in (layer.head, 1.0))
    kind = LayerKind.GROUND if sloped else layer.kind
    return replace(layer, kind=kind, far=min(far, near), near=near)
