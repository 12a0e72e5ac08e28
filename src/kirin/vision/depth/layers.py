"""Depth layers: what a photograph shows, from back to front."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.depth.scene import Scene
from kirin.vision.depth.sky_matte import sky_matte
from kirin.vision.kernels import Plane
from kirin.vision.matting.segmenter import Segmenter, SubjectMask, working_copy
from kirin.vision.matting.subjects import find_subjects
from kirin.vision.planes import Rgb

Floats = NDArray[np.float32]

_SIDE = 1024  # longest side of an alpha, in pixels
_SKY, _FAR = 0.0, 0.18
_BACKDROP = 0.25  # of what is behind a subject that stands on no ground
_NEAREST = 0.85  # of the ground at the bottom of the picture
_SUBJECT = 0.6  # of a subject that stands on no ground
_SUBJECTS = (0.42, 0.85)  # least and greatest of a subject on a ground
_SOFT = 0.004  # of the longest side: blur of the edge between the ground and what is behind


class LayerKind(StrEnum):
    """What a layer shows."""

    SKY = "sky"
    FAR = "far"
    GROUND = "ground"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True, eq=False)
class DepthLayer:
    """A layer of a picture. Their alphas, composited back to front, reproduce the picture.

    Attributes:
        kind: what it shows.
        alpha: opacity, uint8, of the picture's aspect; its longest side is at most 1024. The
            backmost layer is opaque everywhere.
        far: disparity at ``head`` and above: 0 at the horizon, 1 nearest.
        near: disparity at ``foot`` and below; equal to ``far`` for a flat layer.
        foot: row where the ramp ends, as a share of the picture's height; ``None`` is its end.
        head: row where the ramp starts, as a share of the picture's height.
    """

    kind: LayerKind
    alpha: Plane
    far: float
    near: float
    foot: float | None = None
    head: float = 0.0

    def at(self, row: float) -> float:
        """Disparity of a row, which is given as a share of the picture's height."""
        foot = 1.0 if self.foot is None else self.foot
        rise = (row - self.head) / max(foot - self.head, 1e-6)
        return self.far + (self.near - self.far) * min(max(rise, 0.0), 1.0)


def split_layers(
    rgb: Rgb, segmenter: Segmenter, depth: Plane | None = None
) -> tuple[DepthLayer, ...]:
    """Split a picture into layers, back to front: sky, far, ground, subjects.

    A picture has as many of them as it shows. The backmost is opaque.

    Args:
        rgb: the picture, shape ``(h, w, 3)``.
        segmenter: finds its subjects.
        depth: disparity of each pixel, 0 to 255, of any size, where it is known.
    """
    work = working_copy(rgb)
    subjects = find_subjects(rgb, segmenter)
    masks = [each.alpha for each in subjects]
    together = np.max(masks, axis=0) if masks else np.zeros(work.shape[:2], np.uint8)
    scene = Scene.read(work, together)
    subjects = tuple(each for each in subjects if not _scenery(each, scene))
    back = _background(work, scene)
    front = sorted(
        (_subject(each, back[-1]) for each in subjects), key=lambda layer: layer.near
    )
    return (*back, *front)


def _background(work: Rgb, scene: Scene) -> list[DepthLayer]:
    """The layers behind the subjects."""
    height, width = work.shape[:2]
    layers = []
    opaque = np.full((height, width), 255, np.uint8)
    land = opaque
    if scene.sky is not None:
        layers.append(DepthLayer(LayerKind.SKY, opaque, _SKY, _SKY))
        matte = sky_matte(work, scene.small, scene.sky)
        land = np.round((1 - matte) * 255).astype(np.uint8)
        if not land.any():
            return layers
    if not scene.grounded:
        flat = _FAR if layers else _BACKDROP
        layers.append(DepthLayer(LayerKind.FAR, land, flat, flat))
        return layers
    if scene.line is not None:
        layers.append(DepthLayer(LayerKind.FAR, land, _FAR, _FAR))
        land = np.minimum(land, _below(scene.line, scene.small.shape[0], width, height))
    start = scene.start
    head = _FAR if start else _BACKDROP
    layers.append(DepthLayer(LayerKind.GROUND, land, head, _NEAREST, None, start))
    return layers


def _below(line: NDArray[np.int64], rows: int, width: int, height: int) -> Plane:
    """The alpha of what is below a line that is given by column."""
    columns = (np.arange(width) + 0.5) * len(line) / width - 0.5
    at = np.interp(columns, np.arange(len(line)), line) * height / rows
    soft = _SOFT * max(width, height)
    depth = (np.arange(height)[:, None] + 0.5 - at[None]) / soft + 0.5
    return cast(Plane, np.round(np.clip(depth, 0, 1) * 255).astype(np.uint8))


def _subject(mask: SubjectMask, behind: DepthLayer) -> DepthLayer:
    """The layer of a subject: as near as the ground under its foot."""
    foot = mask.box[3]
    disparity = _SUBJECT
    if behind.kind is LayerKind.GROUND and foot < 0.985:
        disparity = float(np.clip(behind.at(foot), *_SUBJECTS))
    elif behind.kind is LayerKind.GROUND:
        disparity = max(_SUBJECT, behind.at(0.9))
    return DepthLayer(LayerKind.SUBJECT, mask.alpha, disparity, disparity)


def _scenery(mask: SubjectMask, scene: Scene) -> bool:
    """Whether a salient region is a mountain or a pier: part of the scene, and no subject."""
    left, top, right, bottom = mask.box
    if scene.sky is None:
        return False
    wide = right - left
    return wide > 0.95 or (wide > 0.4 and bottom - top < 0.12 * wide)
