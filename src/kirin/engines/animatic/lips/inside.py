"""The inside of a mouth: a dark hollow, the upper teeth and the tongue, in the picture's light."""

from __future__ import annotations

from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.lips.light import MouthPalette
from kirin.engines.animatic.lips.teeth import Teeth
from kirin.engines.animatic.lips.warp import Maps, MouthField
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes

_TEETH_FROM: Final = 90.0  # pixels: unit of a face from which single teeth are told apart


def draw_mouth(
    planes: Planes,
    field: MouthField,
    palette: MouthPalette,
    spreading: float,
    teeth: Teeth | None,
) -> None:
    """Move a mouth and draw its inside, in place.

    Args:
        planes: the frame.
        field: of the mouth.
        palette: the light on the face.
        spreading: of the lips, 0 to 1: shows more of the teeth.
        teeth: of the person, from the video; ``None`` where they must be drawn.
    """
    height, width = field.x.shape
    rows, columns = slice(field.top, field.top + height), slice(field.left, field.left + width)
    half = slice(rows.start // 2, rows.stop // 2), slice(columns.start // 2, columns.stop // 2)
    luma = planes.y[rows, columns]
    luma[:] = _moved(luma, field.x, field.y)
    # Chroma sample (i, j) sits at luma column 2 j, midway between rows 2 i and 2 i + 1.
    x = ((field.x[::2, ::2] + field.x[1::2, ::2]) / 4).astype(np.float32)
    y = ((field.y[::2, ::2] + field.y[1::2, ::2] - 1) / 4).astype(np.float32)
    chroma = planes.u[half], planes.v[half]
    for part in chroma:
        part[:] = _moved(part, x, y)
    seen = _seen(field.inside)
    if seen is None:
        return
    top, bottom, left, right = seen
    inside = np.ascontiguousarray(field.inside[top:bottom, left:right])
    place = np.ascontiguousarray(field.place[top:bottom, left:right])
    colours = np.empty((*inside.shape, 3), np.float32)
    flat = np.array([*palette.lip, *palette.white], np.float32)
    fine = float(np.clip((field.unit - _TEETH_FROM) / _TEETH_FROM, 0, 1))
    if teeth is None:
        own = np.zeros((1, 1, 4), np.float32)
    else:
        own = teeth.shown(place, field.parted, palette.white[0])
    _paint(colours, inside, place, flat, (spreading, field.half / field.unit, fine), own)
    _blend(luma[top:bottom, left:right], colours[..., 0], inside)
    size = (inside.shape[1] // 2, inside.shape[0] // 2)
    share = cast(Maps, cv2.resize(inside, size, interpolation=cv2.INTER_AREA))
    small = cast(Maps, cv2.resize(colours, size, interpolation=cv2.INTER_AREA))
    for channel, part in enumerate(chroma, 1):
        _blend(part[top // 2 : bottom // 2, left // 2 : right // 2], small[..., channel], share)


def _seen(inside: Maps) -> tuple[int, int, int, int] | None:
    """Top, bottom, left and right of where the inside is seen, even; ``None`` where nowhere."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return None
    top, left = (int(each[0]) // 2 * 2 for each in (rows, columns))
    bottom, right = (int(each[-1]) // 2 * 2 + 2 for each in (rows, columns))
    return top, bottom, left, right


def _moved(plane: Plane, x: Maps, y: Maps) -> Plane:
    moved = cv2.remap(
        np.ascontiguousarray(plane), x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, np.uint8)


def _blend(under: Plane, over: Maps, share: Maps) -> None:
    """Lay a colour over a plane, in place."""
    mixed = under + (over - under) * share
    under[:] = np.round(mixed).clip(0, 255)


@compiled
def _paint(
    out: NDArray[np.float32],
    inside: Maps,
    place: NDArray[np.float32],
    palette: NDArray[np.float32],
    shape: tuple[float, float, float],
    own: Maps,
) -> None:
    """Paint the hollow, the tongue and the teeth where they are seen; Y, U and V."""
    spreading, half, fine = shape
    shown_own = own.shape[0] > 1
    lip_y, lip_u, lip_v = palette[0], palette[1], palette[2]
    white_y, white_u, white_v = palette[3], palette[4], palette[5]
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            across, below, gap = place[i, j, 0], place[i, j, 1], place[i, j, 2]
            if inside[i, j] <= 0.0:
                out[i, j, 0], out[i, j, 1], out[i, j, 2] = lip_y, lip_u, lip_v
                continue
            side = across * across
            deep = min(max(below / max(gap, 0.005), 0.0), 1.0)
            # The hollow: darkest in the middle, lips reflect some light into its edges.
            light = 0.15 + 0.22 * deep * deep + 0.08 * side
            y = 16.0 + light * (lip_y - 16.0)
            u = 128.0 + 0.5 * (lip_u - 128.0)
            v = 128.0 + 0.6 * (lip_v - 128.0) + 7.0
            # The tongue: a dome that lies behind the lower lip once the jaw has dropped.
            seen = min(max((gap - 0.045) / 0.06, 0.0), 1.0)
            rise = min(max((deep - 0.5 - 0.3 * side) / 0.4, 0.0), 1.0)
            tongue = seen * rise * rise * (3.0 - 2.0 * rise) * max(1.0 - side * side, 0.0)
            y += tongue * (16.0 + 0.62 * (lip_y - 16.0) - y)
            u += tongue * (128.0 + 0.8 * (lip_u - 128.0) - u)
            v += tongue * (128.0 + 0.8 * (lip_v - 128.0) - v)
            if shown_own:
                # Those of the video, in the shadow of the lip above them.
                shade = 0.78 + 0.22 * min(max(below / 0.03, 0.0), 1.0)
                teeth = own[i, j, 3]
                y += teeth * (16.0 + shade * (own[i, j, 0] - 16.0) - y)
                u += teeth * (own[i, j, 1] - u)
                v += teeth * (own[i, j, 2] - v)
                out[i, j, 0], out[i, j, 1], out[i, j, 2] = y, u, v
                continue
            # The upper teeth: they stay with the head while lips and jaw move.
            length = (0.02 + 0.2 * gap + 0.014 * spreading) * (1.0 - 0.45 * side)
            edge = min(max((length - below) / 0.014 + 0.5, 0.0), 1.0)
            shown = min(max((gap - 0.012) / 0.03, 0.0), 1.0)
            teeth = edge * shown * min(max((0.92 - abs(across)) / 0.3, 0.0), 1.0)
            shade = (0.5 + 0.28 * min(max(below / 0.035, 0.0), 1.0)) * (1.0 - 0.55 * side)
            shade *= 0.82 + 0.18 * min(gap / 0.07, 1.0)  # lips close together throw shadow
            # Between two teeth it is darker: incisors are 8.5 and 6.5 mm wide (Wheeler's).
            away = abs(across) * half
            for k in range(3):
                near = 1.0 - abs(away - 0.094 * k + (0.022 if k == 2 else 0.0)) / 0.012
                shade *= 1.0 - fine * 0.16 * max(near, 0.0)
            y += teeth * (16.0 + shade * (white_y - 16.0) - y)
            u += teeth * (white_u - u)
            v += teeth * (white_v - v)
            out[i, j, 0], out[i, j, 1], out[i, j, 2] = y, u, v
