"""The wardrobe: the pixels of a costume, put together, painted and worn."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.concepts.art import draw
from kirin.concepts.concept import Extent
from kirin.concepts.library import library
from kirin.engines.animatic.cast.costume import FOLDS, Build, Costume, donor_box, tables
from kirin.engines.animatic.cast.effects import puff

Rgba = NDArray[np.uint8]

# Hue in OpenCV's halved degrees, saturation and value factor, of adjectives of colour.
_PAINTS: dict[str, tuple[float, float, float]] = {
    "red": (2, 1.0, 1.0),
    "orange": (12, 1.0, 1.0),
    "yellow": (26, 1.0, 1.05),
    "gold": (22, 0.85, 1.0),
    "golden": (20, 0.75, 1.05),
    "green": (58, 0.9, 0.9),
    "turquoise": (88, 0.9, 0.95),
    "cyan": (92, 0.9, 1.0),
    "blue": (110, 0.95, 0.95),
    "purple": (138, 0.85, 0.9),
    "violet": (136, 0.8, 0.9),
    "pink": (165, 0.55, 1.1),
    "brown": (10, 0.65, 0.55),
    "beige": (16, 0.30, 1.0),
    "silver": (110, 0.06, 1.0),
    "grey": (110, 0.04, 0.72),
    "gray": (110, 0.04, 0.72),
    "black": (115, 0.15, 0.22),
    "white": (20, 0.02, 1.35),
}


def art_of(costume: Costume, height: int) -> Rgba:
    """RGBA of straight alpha, as wide as the costume's aspect says.

    Args:
        costume: whose.
        height: in pixels.
    """
    width = max(round(height * costume.aspect), 4)
    if costume.build is Build.PUFF:
        return puff(costume.art, max(height, 8))
    if costume.build is Build.DONOR:
        art = _with_body(costume, height)
    elif costume.build is Build.LEGS:
        art = _with_legs(costume, height)
    elif costume.build is Build.LEVEL:
        art = _levelled(costume, height)
    elif costume.build in FOLDS:
        art = _folded(costume, height)
    else:
        art = _drawn(costume.art, height)
    if art.shape[:2] != (height, width):
        size = (width, max(height, 4))
        art = np.asarray(cv2.resize(art, size, interpolation=cv2.INTER_AREA), np.uint8)
    art = np.ascontiguousarray(art)
    if costume.colour in _PAINTS:
        art = painted(art, *_PAINTS[costume.colour])
    if costume.old:
        art = _worn(art)
    return art


def _drawn(concept: str, height: int) -> Rgba:
    """A concept's own art, of exactly this height."""
    art = draw(concept, max(height, 8))
    width = max(round(height * library().get(concept).aspect), 4)
    if art.shape[:2] != (height, width):
        size = (width, max(height, 4))
        art = np.asarray(cv2.resize(art, size, interpolation=cv2.INTER_AREA), np.uint8)
    return art


def main_hue(art: Rgba) -> tuple[float, NDArray[np.bool_]]:
    """The hue that covers the most of a picture, and which pixels have it."""
    hsv = cv2.cvtColor(np.ascontiguousarray(art[..., :3]), cv2.COLOR_RGB2HSV)
    hue, saturation, value = (hsv[..., n].astype(np.float32) for n in range(3))
    vivid = (art[..., 3] > 128) & (saturation > 45) & (value > 45)
    if vivid.sum() < 0.08 * (art[..., 3] > 128).sum():
        grey = (art[..., 3] > 128) & (value > 60)
        return 0.0, grey
    counts, _ = np.histogram(hue[vivid], bins=36, range=(0, 180), weights=saturation[vivid])
    around = counts + np.roll(counts, 1) + np.roll(counts, -1)
    top = float(around.argmax() * 5 + 2.5)
    away = np.abs((hue - top + 90) % 180 - 90)
    return top, vivid & (away < 16)


def painted(art: Rgba, hue: float, saturation: float, value: float) -> Rgba:
    """Recolour the main hue of a picture; its shading is kept."""
    _, where = main_hue(art)
    hsv = cv2.cvtColor(np.ascontiguousarray(art[..., :3]), cv2.COLOR_RGB2HSV).astype(np.float32)
    old_s, old_v = hsv[..., 1][where], hsv[..., 2][where]
    middle = max(float(np.median(old_v)), 1.0) if where.any() else 128.0
    shade = old_v / middle
    new = hsv.copy()
    new[..., 0][where] = hue
    deep = np.clip(old_s / 255 * 0.4 + 0.55, 0.0, 1.0)
    new[..., 1][where] = np.clip(255 * saturation * deep, 0, 255)
    target = 205 if value <= 1.0 else 190
    new[..., 2][where] = np.clip(target * value * (0.25 + 0.75 * shade), 0, 255)
    rgb = cv2.cvtColor(np.clip(new, 0, 255).astype(np.uint8), cv2.COLOR_HSV2RGB)
    soft = cv2.GaussianBlur(where.astype(np.float32), (0, 0), 0.8)[..., None]
    result = art.copy()
    blend = art[..., :3] + (rgb.astype(np.float32) - art[..., :3]) * soft
    result[..., :3] = np.clip(blend, 0, 255).astype(np.uint8)
    return result


def _worn(art: Rgba) -> Rgba:
    """Faded and dusty."""
    grey = art[..., :3].astype(np.float32) @ np.array([0.21, 0.72, 0.07], np.float32)
    dust = np.array([0.98, 0.93, 0.84], np.float32) * (0.80 * grey[..., None] + 26)
    result = art.copy()
    result[..., :3] = np.clip(0.40 * art[..., :3] + 0.60 * dust, 0, 255).astype(np.uint8)
    return result


def _over(below: Rgba, above: Rgba, left: int, top: int) -> None:
    """Composite straight-alpha art onto another; parts outside are cut off."""
    y0, x0 = max(top, 0), max(left, 0)
    y1, x1 = min(top + above.shape[0], below.shape[0]), min(left + above.shape[1], below.shape[1])
    if y1 <= y0 or x1 <= x0:
        return
    part = above[y0 - top : y1 - top, x0 - left : x1 - left].astype(np.float32)
    under = below[y0:y1, x0:x1].astype(np.float32)
    a, b = part[..., 3:] / 255, under[..., 3:] / 255
    total = a + b * (1 - a)
    rgb = (part[..., :3] * a + under[..., :3] * b * (1 - a)) / np.maximum(total, 1e-4)
    below[y0:y1, x0:x1, :3] = np.clip(rgb, 0, 255).astype(np.uint8)
    below[y0:y1, x0:x1, 3] = np.clip(255 * total[..., 0] + 0.5, 0, 255).astype(np.uint8)


def _with_body(costume: Costume, height: int) -> Rgba:
    """A head in front of the body of another animal, which takes its colour."""
    left, top, wide, tall, (x, y, size) = donor_box(costume)
    unit = height / tall
    body = _drawn(costume.body or costume.art, round(unit))
    head = _drawn(costume.art, round(size * unit))
    body = _matched(body, head)
    canvas = np.zeros((height, max(round(wide * unit), 4), 4), np.uint8)
    # The body's own head is hidden by the new one; what would stick out above is taken away.
    beside = round((x + 0.44 * size * head.shape[1] / head.shape[0]) * unit)
    body[: max(round(y * unit), 0), : max(beside, 0), 3] = 0
    _over(canvas, body, round(-left * unit), round(-top * unit))
    across = round((x - left) * unit - head.shape[1] / 2)
    _over(canvas, head, across, round((y - top) * unit - head.shape[0] / 2))
    return canvas


def _matched(body: Rgba, head: Rgba) -> Rgba:
    """A body in the main colour of a head."""
    solid = head[..., 3] > 200
    _, where = main_hue(head)
    chosen = where if where.sum() > 0.2 * solid.sum() else solid
    pixels = head[chosen][:, :3].astype(np.float32)
    colour = np.median(pixels, axis=0)
    opaque = body[..., 3] > 128
    luma = body[..., :3].astype(np.float32).mean(axis=2)
    shade = luma / max(float(np.median(luma[opaque])), 1.0)
    result = body.copy()
    tinted = colour[None, None] * np.clip(shade, 0.3, 1.35)[..., None] ** 0.8
    result[..., :3] = np.clip(tinted, 0, 255).astype(np.uint8)
    return result


def _levelled(costume: Costume, height: int) -> Rgba:
    """Art that is drawn at a slant, turned and cropped."""
    whole = _drawn(costume.art, round(height * costume.aspect))
    side = 2 * max(whole.shape[:2])
    middle = (whole.shape[1] / 2, whole.shape[0] / 2)
    turn = cv2.getRotationMatrix2D(middle, -float(tables()["level"][costume.art][0]), 1.0)
    turn[:, 2] += side / 2 - np.array(middle)
    turned = np.asarray(cv2.warpAffine(whole, turn, (side, side), flags=cv2.INTER_AREA), np.uint8)
    left, top, wide, tall = cv2.boundingRect((turned[..., 3] > 40).astype(np.uint8))
    return np.ascontiguousarray(turned[top : top + tall, left : left + wide])


def _folded(costume: Costume, height: int) -> Rgba:
    """A figure whose legs are foreshortened: seated, or lying on them."""
    body, squeeze = FOLDS[costume.build]
    whole = _drawn(costume.art, round(height / (body + (1.0 - body) * squeeze)))
    waist = round(body * whole.shape[0])
    upper, lower = whole[:waist], np.ascontiguousarray(whole[waist:])
    size = (whole.shape[1], max(height - waist, 1))
    legs = np.asarray(cv2.resize(lower, size, interpolation=cv2.INTER_AREA), np.uint8)
    return np.concatenate([upper, legs])


def _with_legs(costume: Costume, height: int) -> Rgba:
    """A bust or a head continued downwards by a body and legs."""
    extent = library().get(costume.art).extent
    share = float(tables()["legs"]["bust" if extent is Extent.BUST else "head"])
    top = _drawn(costume.art, round(height / (1.0 + share)))
    tall, wide = top.shape[:2]
    canvas = np.zeros((height, wide, 4), np.uint8)
    _, where = main_hue(top)
    solid = top[..., 3] > 200
    if extent is Extent.BUST:
        hem = top[-max(tall // 12, 1) :]
        cloth = (
            np.median(hem[hem[..., 3] > 200][:, :3], axis=0) if (hem[..., 3] > 200).any() else 90
        )
        shoulder = 1.02 * float((hem[..., 3] > 128).any(axis=0).mean())
    else:
        chosen = where if where.sum() > 0.25 * solid.sum() else solid
        cloth = np.median(top[chosen][:, :3], axis=0) * 0.9
        shoulder = 0.46
    cloth = np.asarray(cloth, np.float32) * np.ones(3, np.float32)
    _paint_body(canvas, cloth, tall - 0.05 * tall, shoulder, extent is Extent.BUST)
    _over(canvas, top, 0, 0)
    return canvas


def _paint_body(
    canvas: Rgba, cloth: NDArray[np.float32], start: float, shoulder: float, bust: bool
) -> None:
    """Torso, arms and two legs below ``start``, shaded like the rest of the art."""
    height, width = canvas.shape[:2]
    scale = 4
    big = np.zeros((height * scale, width * scale), np.uint8)
    legs = big.copy()
    below = height - start
    waist, middle = start + (0.34 if bust else 0.48) * below, width / 2
    half, hip = shoulder * width / 2, (0.30 if bust else 0.21) * width

    def fill(mask: NDArray[np.uint8], points: list[tuple[float, float]]) -> None:
        cv2.fillPoly(mask, [np.round(np.array(points) * scale).astype(np.int32)], 255)

    fill(
        big,
        [
            (middle - half, start - 0.06 * height),
            (middle + half, start - 0.06 * height),
            (middle + (0.5 * half + 0.5 * hip), start + 0.45 * (waist - start)),
            (middle + hip * 1.10, waist + 0.06 * below),
            (middle - hip * 1.10, waist + 0.06 * below),
            (middle - (0.5 * half + 0.5 * hip), start + 0.45 * (waist - start)),
        ],
    )
    leg = 0.40 * hip
    for side in (-1, 1):
        x = middle + side * 0.52 * hip
        end = height - 0.6 * leg
        fill(legs, [(x - leg, waist), (x + leg, waist), (x + leg, end), (x - leg, end)])
        cv2.ellipse(
            legs,
            (round((x + side * 0.12 * leg) * scale), round(end * scale)),
            (round(1.2 * leg * scale), round(0.6 * leg * scale)),
            0, 0, 360, 255, -1,
        )  # fmt: skip
        if not bust:
            cv2.line(
                big,
                (
                    round((middle + side * half * 0.85) * scale),
                    round((start + 0.10 * below) * scale),
                ),
                (
                    round((middle + side * half * 1.45) * scale),
                    round((waist + 0.02 * below) * scale),
                ),
                255,
                max(round(0.34 * hip * scale), 2),
                cv2.LINE_AA,
            )
    # Round corners: blur, and cut at the half.
    for mask in (big, legs):
        soft = cv2.GaussianBlur(mask, (0, 0), 0.10 * hip * scale)
        mask[:] = np.clip((soft.astype(np.float32) - 127) * 6 + 127, 0, 255).astype(np.uint8)
    dark = cloth * np.float32(0.55) * np.array([0.92, 0.95, 1.1], np.float32)
    for mask, colour in ((legs, dark), (big, cloth)):
        alpha = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA)
        layer = np.zeros_like(canvas)
        fall = np.linspace(1.06, 0.78, height, dtype=np.float32)[:, None, None]
        side_light = np.linspace(1.05, 0.90, width, dtype=np.float32)[None, :, None]
        layer[..., :3] = np.clip(colour * fall * side_light, 0, 255).astype(np.uint8)
        layer[..., 3] = alpha
        _over(canvas, layer, 0, 0)
