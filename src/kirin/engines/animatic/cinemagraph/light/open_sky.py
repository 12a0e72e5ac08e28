"""The sky of a photograph, at low resolution: where light comes from and stars can stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.matting.guided_filter import Floats
from kirin.vision.planes import Rgb, resize

SIDE = 240
"""Pixels of the longer side at which a sky is looked for."""

_LEAST = 0.05  # of the picture: less is no sky worth treating apart
_TOP = 0.2  # of the upper border that a sky covers at least
_ROUGH = 9.0  # mean edge of luma per pixel, in eight bits: above it, it is no sky but texture
_SMOOTH = 5.5  # mean edge at which a pixel is less likely to be sky by itself
_TOP_OF_GREY = 0.7  # and of one without a colour, which a wall may be, too
_LIGHTER = 25.0  # luma by which it is then above the rest, in eight bits
_DIM = 140.0  # median luma of a grey sky at least
_TEXTURED = 1.2  # mean edge of what is below it
_EDGE = 2.5  # mean edge that ends a sky where it is not yet known as one
_STEP = 2  # levels per pixel by which a sky changes towards the horizon
_LOW = 0.9  # of the height: where a "sky" reaches down there on all columns, it is a backdrop


@dataclass(frozen=True, slots=True)
class OpenSky:
    """The sky of a picture.

    Attributes:
        mask: 0 to 1, float32, of the small picture.
        area: share of the picture.
        horizon: share of the height at which it ends, the 95th percentile of its rows.
        clear: how smooth it is: 1 without a cloud, 0 with a ceiling of them.
    """

    mask: Floats
    area: float
    horizon: float
    clear: float


def find_open_sky(picture: Rgb) -> OpenSky | None:
    """The sky at the top of a photograph; ``None`` where there is none to be sure of.

    A colour model of what is smooth, bright or blue at the top is separated from the rest by
    graph cuts (GrabCut: Rother, Kolmogorov, Blake 2004), and what is not connected to the upper
    border, or is textured, is dropped.
    """
    small = _small(picture)
    height = len(small)
    luma = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    rough = _roughness(luma)
    likely = _likely(small, luma, rough)
    marks = np.where(likely > 0.55, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[(likely < 0.2) | (rough > 2.5 * _ROUGH)] = cv2.GC_BGD
    marks[(likely > 0.8) & (np.arange(height)[:, None] < 0.25 * height)] = cv2.GC_FGD
    if (marks == cv2.GC_FGD).sum() < 0.003 * marks.size or (marks == cv2.GC_BGD).sum() < 16:
        return None
    sky = _grown(_from_the_top(_cut(small, marks)), small, rough)
    area, top = float(sky.mean()), float(sky[:2].mean())
    if area < _LEAST or top < _TOP or float(np.median(rough[sky])) > _ROUGH:
        return None
    if not _looks_like_sky(small, luma, rough, sky):
        return None
    rows = np.nonzero(sky)[0]
    horizon = float(np.percentile(rows, 95) / height)
    if float(sky[round(_LOW * height) :].mean()) > 0.5:
        return None
    inside = sky.astype(np.float32)
    around = cv2.GaussianBlur(luma * inside, (0, 0), 0.06 * SIDE)
    detail = luma - around / np.maximum(cv2.GaussianBlur(inside, (0, 0), 0.06 * SIDE), 1e-3)
    inner = cv2.erode(sky.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    spread = float(detail[inner].std()) if inner.any() else 20.0
    clear = float(np.clip((12.0 - spread) / 8.0, 0.0, 1.0))
    return OpenSky(sky.astype(np.float32), area, horizon, clear)


def _small(picture: Rgb) -> Rgb:
    scale = SIDE / max(picture.shape[:2])
    return resize(
        picture,
        max(round(picture.shape[1] * scale), 16),
        max(round(picture.shape[0] * scale), 16),
    )


def _roughness(luma: Floats) -> Floats:
    edges = np.hypot(cv2.Sobel(luma, -1, 1, 0) / 8, cv2.Sobel(luma, -1, 0, 1) / 8)
    return cast(Floats, cv2.blur(edges, (5, 5), borderType=cv2.BORDER_REFLECT))


def _likely(small: Rgb, luma: Floats, rough: Floats) -> Floats:
    """How much a pixel looks like sky by itself: high up, smooth, and bright or blue."""
    height = small.shape[0]
    red, green, blue = (small[..., i].astype(np.float32) for i in range(3))
    row = (np.arange(height, dtype=np.float32) / height)[:, None]
    smooth = np.exp(-rough / _SMOOTH)
    blueness = np.clip((blue - np.maximum(red, green * 0.95)) / 40, 0, 1)
    bright = np.clip((luma - np.percentile(luma, 40)) / 60, 0, 1)
    green_cast = np.clip((green - np.maximum(red, blue)) / 20, 0, 1)
    look = np.maximum(bright, blueness) * (1 - green_cast)
    high = np.clip(1.25 - 1.2 * row, 0, 1)
    return np.asarray(look * np.sqrt(smooth) * high, np.float32)


def _cut(small: Rgb, marks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    cv2.setRNGSeed(0)  # its k-means draws from OpenCV's own generator
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(  # in place
        np.ascontiguousarray(small[..., ::-1]),
        marks,
        (0, 0, 1, 1),
        background,
        foreground,
        2,
        cv2.GC_INIT_WITH_MASK,
    )
    return marks


def _from_the_top(marks: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The parts that touch the upper border, without specks and pinholes."""
    found = ((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)).astype(np.uint8)
    found = cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels = cv2.connectedComponents(found)
    top = np.unique(labels[:2][found[:2] > 0])
    sky = np.isin(labels, top[top > 0])
    closed = cv2.morphologyEx(sky.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return np.asarray(closed > 0)


def _grown(sky: NDArray[np.bool_], small: Rgb, rough: Floats) -> NDArray[np.bool_]:
    """The sky, and what goes on from it without an edge: it changes colour towards the horizon."""
    if not sky.any():
        return sky
    wall = (~sky & (rough > _EDGE)).astype(np.uint8)
    walls = np.pad(wall, 1, constant_values=1)
    inside = cv2.erode(sky.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    step = (_STEP,) * 3
    smooth = cv2.GaussianBlur(small, (0, 0), 1.0)
    reached = sky.copy()
    for y, x in np.argwhere(inside)[:: max(int(inside.sum()) // 12, 1)]:
        flood = walls.copy()
        cv2.floodFill(
            smooth.copy(),
            flood,
            (int(x), int(y)),
            0,
            step,
            step,
            4 | cv2.FLOODFILL_MASK_ONLY | 2 << 8,
        )
        reached |= flood[1:-1, 1:-1] == 2
    found = cv2.morphologyEx(reached.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    grown = np.asarray(found > 0)
    # Fog that joins sky and water is no sky down to the shore.
    return sky if float(grown[round(_LOW * len(grown)) :].mean()) > 0.3 else grown


def _looks_like_sky(small: Rgb, luma: Floats, rough: Floats, sky: NDArray[np.bool_]) -> bool:
    """Neither green nor brown: skies are blue, grey, white, or the colours of a low sun.

    What is grey may be a wall, and what is yellow a flower: they count where they are lighter
    than the rest, all along the top, and over something that has a texture.
    """
    red, green, blue = (float(np.median(small[..., i][sky])) for i in range(3))
    leafy = green > 1.06 * max(red, blue)
    # A low sun is bright; the same hue at half its brightness is wood, brick or skin.
    brown = red > 1.35 * blue and red < 170
    if leafy or brown:
        return False
    if blue > 1.12 * red:
        return True
    lighter = float(np.median(luma[sky]) - np.median(luma[~sky])) if (~sky).any() else 0.0
    bright = float(np.median(luma[sky])) > _DIM
    outdoors = not sky.all() and float(np.median(rough[~sky])) > _TEXTURED
    top = float(sky[:2].mean())
    return top > _TOP_OF_GREY and lighter > _LIGHTER and bright and outdoors
