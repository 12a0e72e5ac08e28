"""What a change of light must know about a picture: its zones, and how light it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from kirin.engines.animatic.cinemagraph.light.kernel import CELL, Map
from kirin.engines.animatic.cinemagraph.light.light_maps import LightMaps
from kirin.engines.animatic.cinemagraph.part import Still
from kirin.vision.inpainting.pull_push import pull_push
from kirin.vision.matting.guided_filter import Floats, guided_filter
from kirin.vision.planes import Planes, Rgb, resize
from kirin.vision.regions.lights import PictureLight, find_lights
from kirin.vision.sky.sky import Sky

_FAINT = 8  # opacity, of 255, from which the subject hides what is behind it
_RADIUS = 5  # cells of half the size: reach of the guided filter
_EPSILON = 3e-4  # of squared colour: fainter edges between sky and land are not followed
_DARK = 0.2  # mean luma of the land below which a picture may be a night
_DARK_SKY = 0.3
_GAUDY = 24.0
"""Steps of chroma per unit of luma, towards any hue but blue, that a dark picture has by day."""


@dataclass(frozen=True, slots=True, eq=False)
class Scenery:
    """A picture as light sees it, in cells of about eight pixels of the view.

    Attributes:
        luma: 0 to 1; u, v: in eight-bit steps around 0.
        sky: share of each cell that is sky; zero without one.
        sky_by: coefficients of Y, U, V and the constant by which a pixel's share of sky is told,
            shape ``(4, rows, columns)``.
        open_sky: what was found of it; ``None`` without one.
        lights: lamps, windows and screens.
        land: mean luma of what is neither sky nor a lamp.
        night: whether the picture already is one.
        sun: where the sky is brightest, as a share of the width.
    """

    luma: Floats
    u: Floats
    v: Floats
    sky: Floats
    sky_by: Floats
    open_sky: Sky | None
    lights: tuple[PictureLight, ...]
    land: float
    night: bool
    sun: float

    def unchanged(self) -> LightMaps:
        """The light of the picture itself, in the zones of this scenery."""
        state = LightMaps.unchanged(self.shape)
        state.maps[Map.SKY_BY_Y :] = self.sky_by
        return state

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of cells."""
        return cast(tuple[int, int], self.luma.shape)

    @classmethod
    def of(cls, still: Still) -> Scenery:
        """Look at the picture that parts are made for."""
        picture = still.seen
        cell = CELL * still.scale
        size = (max(round(picture.shape[1] / cell), 8), max(round(picture.shape[0] / cell), 8))
        planes = _floats(picture, size)
        luma = (planes[0] - np.float32(16)) / np.float32(219)
        u, v = planes[1] - np.float32(128), planes[2] - np.float32(128)
        still.check()
        open_sky = still.sky
        sky: Floats = np.zeros(luma.shape, np.float32)
        sky_by: Floats = np.zeros((4, *luma.shape), np.float32)
        if open_sky:
            sky = cast(Floats, cv2.resize(open_sky.alpha, size, interpolation=cv2.INTER_LINEAR))
            sky_by = _told_by_colour(still.picture, _behind_subject(open_sky.alpha, still), size)
        lights = tuple(find_lights(picture, sky))
        lit = np.zeros_like(luma)
        for each in lights:
            if each.shines:
                lit = np.maximum(lit, each.cover(luma.shape))
        weight = np.clip(1 - sky - lit, 0, 1) + np.float32(1e-4)
        land = float((luma * weight).sum() / weight.sum())
        above = float((luma * sky).sum() / max(float(sky.sum()), 1e-4))
        dim = bool(lit.any()) or _colourless(luma, u, v)
        night = land < _DARK and (above < _DARK_SKY if open_sky else dim)
        return cls(luma, u, v, sky, sky_by, open_sky, lights, land, night, _brightest(luma, sky))


def _colourless(luma: Floats, u: Floats, v: Floats) -> bool:
    """Whether a dark picture has the few or the blue colours of a night, and not a wood's green."""
    weight = luma / np.float32(max(float(luma.sum()), 1e-3))
    blue, red = float((u * weight).sum()), float((v * weight).sum())
    mean = float((luma * weight).sum())
    return max(-blue, red) < _GAUDY * mean


def _behind_subject(mask: Floats, still: Still) -> Floats:
    """A mask of the sky that goes on behind the cut-out subject, as the colours there do.

    Else the same colours would be sky in one place and none right beside it: a halo.
    """
    if still.subject is None:
        return mask
    size = mask.shape[1], mask.shape[0]
    subject = cv2.resize(still.subject, size, interpolation=cv2.INTER_AREA)
    hidden = cv2.dilate((subject > _FAINT).astype(np.uint8), np.ones((5, 5), np.uint8))
    if hidden.all():
        return mask
    grey = np.repeat(np.round(mask * 255).astype(np.uint8)[..., None], 3, axis=2)
    filled = pull_push(grey, (hidden == 0).astype(np.float32))[..., 0].astype(np.float32) / 255
    return np.where(hidden > 0, filled, mask).astype(np.float32)


def _floats(picture: Rgb, size: tuple[int, int]) -> list[Floats]:
    """Y, U and V at a small size, in eight-bit steps."""
    even = (size[0] * 2, size[1] * 2)
    planes = Planes.from_rgb(resize(picture, *even))
    return [
        cv2.resize(each, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        for each in (planes.y, planes.u, planes.v)
    ]


def _told_by_colour(picture: Rgb, mask: Floats, size: tuple[int, int]) -> Floats:
    """Coefficients with which the guided filter tells sky from land by a pixel's colour."""
    fine = (size[0] * 2, size[1] * 2)
    guide = np.stack(_floats(picture, fine)) / np.float32(255)
    colours = np.ascontiguousarray(np.moveaxis(guide, 0, -1))
    coarse = cv2.resize(mask, fine, interpolation=cv2.INTER_LINEAR).astype(np.float32)
    snapped = guided_filter(colours, coarse, 2 * _RADIUS, _EPSILON)
    sky = np.asarray(np.clip((snapped - 0.5) * 3 + 0.5, 0, 1), np.float32)
    side = (2 * _RADIUS + 1, 2 * _RADIUS + 1)

    def mean(values: Floats) -> Floats:
        return cast(Floats, cv2.boxFilter(values, -1, side, borderType=cv2.BORDER_REFLECT))

    means = [mean(each) for each in guide]
    share = mean(sky)
    covariance = np.empty((*sky.shape, 3, 3), np.float32)
    along = np.empty((*sky.shape, 3), np.float32)
    for i in range(3):
        along[..., i] = mean(guide[i] * sky) - means[i] * share
        for j in range(3):
            covariance[..., i, j] = mean(guide[i] * guide[j]) - means[i] * means[j]
        covariance[..., i, i] += _EPSILON
    by = np.linalg.solve(covariance, along[..., None])[..., 0]
    at = share - sum(by[..., i] * means[i] for i in range(3))
    smooth = [
        mean(np.ascontiguousarray(each, np.float32)) for each in (*np.moveaxis(by, -1, 0), at)
    ]
    # The filter answers between 0 and 1 near an edge: stretch it away from both.
    stretched = [each * np.float32(1.3 / 255) for each in smooth[:3]]
    stretched.append((smooth[3] - np.float32(0.15)) * np.float32(1.3))
    # All three are told around the middle of their range.
    stretched[3] += (stretched[0] + stretched[1] + stretched[2]) * np.float32(128)
    small = [cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in stretched]
    return np.asarray(np.stack(small), np.float32)


def _brightest(luma: Floats, sky: Floats) -> float:
    """The column, as a share of the width, where the sky is brightest: the sun is near."""
    columns = (cv2.GaussianBlur(luma, (0, 0), 4) * sky).max(axis=0)
    if columns.max() <= 0:
        return 0.5
    return float((int(columns.argmax()) + 0.5) / len(columns))
