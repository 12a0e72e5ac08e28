"""Depth layers: what a photograph shows, from back to front."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.analysis import PictureAnalysis
from kirin.vision.depth.layer import DepthLayer, LayerKind
from kirin.vision.depth.measured import measure_layers
from kirin.vision.depth.scene import PictureScene
from kirin.vision.depth.upright import find_upright, foot_line
from kirin.vision.kernels import Plane
from kirin.vision.lab import to_lab
from kirin.vision.matting.segmenter import SubjectMask
from kirin.vision.matting.shadow import sure_shadow
from kirin.vision.planes import Rgb, resize
from kirin.vision.sky.matte import sky_matte
from kirin.vision.sky.sky import reduced

__all__ = ["DepthLayer", "LayerKind", "split_layers"]

_SIDE = 1024  # longest side of an alpha, in pixels
_SKY, _FAR = 0.0, 0.18
_BACKDROP = 0.25  # of what is behind a subject that stands on no ground
_NEAREST = 0.85  # of the ground at the bottom of the picture
_NEAR = 0.65  # of a ground that is seen from above, and has no end
_SUBJECT = 0.6  # of a subject that stands on no ground
_HELD = 0.12  # before what is behind it: a subject that is held by something in the picture
_CUT_OFF = 0.985  # of the height: a subject that reaches farther down is cut off by the picture
_SUBJECTS = (0.42, 0.85)  # least and greatest of a subject on a ground
_LOOKED = 320  # width at which upright things are looked for
_ISLAND = 32  # of 255: opacity from which something in the sky counts
_GAP = 0.006  # of the longest side: what is no farther apart belongs together
_LARGE = 0.01  # of the picture: what is larger is no fragment
_SOFT = 0.004  # of the longest side: blur of the edge between the ground and what is behind


def split_layers(
    picture: PictureAnalysis, depth: NDArray[Any] | None = None
) -> tuple[DepthLayer, ...]:
    """Split a picture into layers, back to front: sky, far, ground, and what stands before it.

    A picture has as many of them as it shows. The backmost is opaque.

    Args:
        picture: with its subjects and its sky.
        depth: disparity of each pixel, where it is known, as for :func:`measure_layers`.
    """
    work, found = picture.work, picture.subjects
    sky = picture.sky
    subjects = [each for each in found if sky is None or not _scenery(each)]
    masks = [each.alpha for each in subjects]
    together = np.max(masks, axis=0) if masks else np.zeros(work.shape[:2], np.uint8)
    mask = None if sky is None else sky.mask
    scene = PictureScene.read(work, reduced(work), mask, together)
    back = _background(work, scene)
    standing = _standing(work, scene, together, back)
    front = standing + [
        layer
        for each in subjects
        for layer in _with_shadow(work, each, _subject(each, back[-1]), not scene.start)
    ]
    front.sort(key=lambda layer: layer.near)
    layers = (*back, *front)
    return layers if depth is None else measure_layers(layers, depth)


def _background(work: Rgb, scene: PictureScene) -> list[DepthLayer]:
    """The layers behind the subjects."""
    height, width = work.shape[:2]
    layers = []
    opaque = np.full((height, width), 255, np.uint8)
    land = opaque
    if scene.sky is not None:
        layers.append(DepthLayer(LayerKind.SKY, opaque, _SKY, _SKY))
        matte = sky_matte(work, scene.small, scene.sky)
        land = _rooted(np.round((1 - matte) * 255).astype(np.uint8))
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
    far, near = (_FAR, _NEAREST) if start else (_BACKDROP, _NEAR)
    layers.append(DepthLayer(LayerKind.GROUND, land, far, near, None, start))
    return layers


def _rooted(land: Plane) -> Plane:
    """Land without what is far from the rest of it in the sky.

    The top of a mast is found, and the lattice that it stands on is taken for sky: in the sky's
    own layer both stay together.
    """
    reach = max(round(_GAP * max(land.shape)), 1)
    solid = (land > _ISLAND).astype(np.uint8)
    joined = cv2.dilate(solid, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    count, labels = cv2.connectedComponents(joined)
    sizes = np.bincount(labels[solid > 0], minlength=count)
    rooted = np.zeros(count, bool)
    rooted[labels[-1]] = True
    rooted |= sizes > _LARGE * land.size
    rooted[0] = False
    return np.where(rooted[labels], land, 0).astype(np.uint8)


def _with_shadow(
    work: Rgb, mask: SubjectMask, own: DepthLayer, from_above: bool
) -> list[DepthLayer]:
    """A subject's layer, before it that of its shadow if there is one to be sure of.

    A shadow goes with its owner: left on the ground it would stay behind.
    """
    shadow = None
    if from_above or mask.box[3] < _CUT_OFF:
        shadow = sure_shadow(work, mask.alpha, from_above=from_above)
    if shadow is None:
        return [own]
    return [DepthLayer(LayerKind.SHADOW, shadow, own.far, own.near), own]


def _standing(
    work: Rgb, scene: PictureScene, subjects: Plane, back: list[DepthLayer]
) -> list[DepthLayer]:
    """The layers of what stands on a ground, each as near as its foot.

    On the ramp of the ground they would bend as the camera travels. Of what cannot be cut out
    the ground's ramp starts, in place, at its foot.
    """
    ground = back[-1]
    if ground.kind is not LayerKind.GROUND or not scene.start:
        return []
    height, width = work.shape[:2]
    lab = to_lab(resize(work, _LOOKED, max(round(_LOOKED * height / width), 8)))
    taken = cv2.resize(subjects, lab.shape[1::-1], interpolation=cv2.INTER_AREA)
    hidden = cv2.dilate((taken > 64).astype(np.uint8), np.ones((5, 5), np.uint8))
    things = find_upright(lab, scene.start, np.asarray(hidden, np.uint8))
    foot = foot_line(lab, scene.start, np.asarray(hidden, np.uint8), things)
    if foot is not None and foot > ground.head:
        # As steep as before, so that the ground before it does not shear more.
        near = ground.far + (ground.near - ground.far) * (1 - foot) / (1 - ground.head)
        ground = back[-1] = replace(ground, head=foot, near=near)
    return [
        DepthLayer(LayerKind.UPRIGHT, each.alpha(width, height), near, near)
        for each in things
        for near in [ground.at(each.foot)]
    ]


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
    if behind.kind is not LayerKind.GROUND and foot < _CUT_OFF:
        # It hangs or sits on something that is behind it, and must not part from that.
        disparity = behind.near + _HELD
    if behind.kind is LayerKind.GROUND and foot < _CUT_OFF:
        disparity = float(np.clip(behind.at(foot), *_SUBJECTS))
    elif behind.kind is LayerKind.GROUND:
        disparity = max(_SUBJECT, behind.at(0.9))
    return DepthLayer(LayerKind.SUBJECT, mask.alpha, disparity, disparity)


def _scenery(mask: SubjectMask) -> bool:
    """Whether what is salient under a sky is a mountain or a pier, and no subject."""
    left, top, right, bottom = mask.box
    wide = right - left
    return wide > 0.95 or (wide > 0.4 and bottom - top < 0.12 * wide)
