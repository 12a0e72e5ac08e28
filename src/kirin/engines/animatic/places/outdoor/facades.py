"""Fronts of houses as drawings: walls with windows, shops with awnings, neon signs."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.places.outdoor.flat import Drawing
from kirin.engines.animatic.places.outdoor.furniture import halo

NEON = ("#ff3f9a", "#2fd8ff", "#b45cff", "#ffb02e", "#4dff9a", "#ff5a4a")
_PLASTER = ("#c9a27a", "#b8b0a2", "#a8563f", "#8f6a54", "#d4c3a0", "#7f8c94", "#b5796a", "#96846c")
_BRICK = ("#7d4334", "#6a3a30", "#8a5542", "#5c4a44")
_GOODS = ("#c86a4a", "#d8c080", "#5a8a9a", "#b0a0c0", "#e8e0d0")
_AWNINGS = (
    ("#b8362c", "#f0e8da"),
    ("#2a6a52", "#f0e8da"),
    ("#2c4f80", "#f0e8da"),
    ("#c98a2a", "#f4ecd8"),
)


def _bricks(width: float, height: float) -> str:
    """Courses of bricks as a pattern over a wall."""
    return (
        '<defs><pattern id="b" width="2.6" height="1.7" patternUnits="userSpaceOnUse">'
        '<path d="M0 0 H2.6 M0 .85 H2.6 M0 0 V.85 M1.3 .85 V1.7" stroke="#000" '
        'stroke-opacity=".28" stroke-width=".22"/></pattern></defs>'
        f'<rect width="{width:g}" height="{height:g}" fill="url(#b)"/>'
    )


def house(
    rng: np.random.Generator,
    width: float,
    height: float,
    *,
    lit: float,
    neon: bool = False,
    brick: bool = False,
    shop: bool = True,
) -> Drawing:
    """A house front; 10 units are a metre.

    Args:
        rng: of its details.
        width, height: of the front.
        lit: share of lit windows.
        neon: whether signs glow on it.
        brick: whether it is a bare brick wall.
        shop: whether there is a shop on the ground floor.
    """
    codes = _BRICK if brick else _PLASTER
    wall = codes[int(rng.integers(len(codes)))]
    body = f'<rect width="{width:g}" height="{height:g}" fill="{wall}"/>'
    if brick or rng.random() < 0.35:
        body += _bricks(width, height)
    glow = ""
    ground = 38.0 if shop else 26.0 if brick else 10.0
    bays = max(2, round(width / float(rng.uniform(22, 32))))
    bay = width / bays
    storeys = max(1, int((height - ground - 8) / 31))
    storey = (height - ground - 8) / storeys
    body += f'<rect width="{width:g}" height="6" fill="#000" opacity=".25"/>'
    body += f'<rect x="-1" width="{width + 2:g}" height="3.4" fill="#fff" opacity=".35"/>'
    tall, wide = storey * float(rng.uniform(0.52, 0.66)), bay * float(rng.uniform(0.34, 0.5))
    shutters = (not brick) and rng.random() < 0.35
    balcony = rng.random() < 0.35
    for row in range(storeys):
        top = 8 + storey * row + (storey - tall) * 0.4
        body += (
            f'<rect y="{8 + storey * (row + 1) - 2:.1f}" width="{width:g}" '
            'height="1.3" fill="#000" opacity=".16"/>'
        )
        for k in range(bays):
            x = bay * (k + 0.5) - wide / 2
            pane, shine = _window(rng, x, top, wide, tall, rng.random() < lit, shutters)
            body += pane
            glow += shine
            if balcony and row % 2 == 0:
                body += (
                    f'<rect x="{x - 3:.1f}" y="{top + tall * 0.62:.1f}" width="{wide + 6:.1f}" '
                    f'height="{tall * 0.42:.1f}" fill="none" stroke="#22262a" stroke-width="1"/>'
                    + "".join(
                        f'<path d="M{x - 3 + (wide + 6) * j / 7:.1f} {top + tall * 0.62:.1f} '
                        f'v{tall * 0.42:.1f}"'
                        f' stroke="#22262a" stroke-width=".7"/>'
                        for j in range(1, 7)
                    )
                )
    if shop:
        front, shine = _shop(rng, width, height, ground, lit > 0, neon)
        body, glow = body + front, glow + shine
    return Drawing(body, width, height, glow)


def _window(
    rng: np.random.Generator, x: float, y: float, wide: float, tall: float, on: bool, shutters: bool
) -> tuple[str, str]:
    body = (
        f'<rect x="{x - 1.4:.1f}" y="{y - 1.4:.1f}" width="{wide + 2.8:.1f}" '
        f'height="{tall + 2.8:.1f}" fill="#e6e0d4"/>'
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="#3d4c58"/>'
        f'<polygon points="{x:.1f},{y:.1f} {x + wide:.1f},{y:.1f} '
        f'{x:.1f},{y + tall * 0.8:.1f}" fill="#8fa6b8" opacity=".5"/>'
        f'<path d="M{x + wide / 2:.1f} {y:.1f} v{tall:.1f} M{x:.1f} {y + tall * 0.4:.1f} '
        f'h{wide:.1f}" stroke="#e6e0d4" stroke-width="1"/>'
        f'<rect x="{x - 2.4:.1f}" y="{y + tall + 1:.1f}" width="{wide + 4.8:.1f}" '
        'height="2" fill="#cfc8ba"/>'
    )
    if shutters:
        for sx in (x - wide * 0.52 - 1, x + wide + 1):
            body += (
                f'<rect x="{sx:.1f}" y="{y - 1:.1f}" width="{wide * 0.5:.1f}" '
                f'height="{tall + 2:.1f}" fill="#3f5a50"/>'
            )
    glow = ""
    if on:
        code = ("#ffcf80", "#ffe0a8", "#ffb868", "#dfe8ff")[int(rng.integers(4))]
        glow = (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" '
            f'height="{tall:.1f}" fill="{code}" '
            f'opacity="{rng.uniform(0.55, 1):.2f}"/>'
            f'<path d="M{x + wide / 2:.1f} {y:.1f} v{tall:.1f} M{x:.1f} '
            f'{y + tall * 0.4:.1f} h{wide:.1f}" stroke="#6a4a28" '
            'stroke-width="1"/>'
        )
    return body, glow


def _shop(
    rng: np.random.Generator, width: float, height: float, ground: float, on: bool, neon: bool
) -> tuple[str, str]:
    top = height - ground
    trim = ("#3a2c24", "#2a3a34", "#26304a", "#4a2a28", "#e4dccc")[int(rng.integers(5))]
    body = f'<rect y="{top:.1f}" width="{width:g}" height="{ground:g}" fill="{trim}"/>'
    glow = ""
    doors = max(1, round(width / 70))
    part = width / doors
    for k in range(doors):
        x = part * k
        box = (
            f'x="{x + 4:.1f}" y="{top + 11:.1f}" width="{part - 26:.1f}" height="{ground - 16:.1f}"'
        )
        body += f'<rect {box} fill="#40505a"/>'
        # What is on display: a shelf of shapes.
        show = "".join(
            f'<rect x="{x + 6 + (part - 32) * j / 6:.1f}" y="{height - 9 - h:.1f}" '
            f'width="{(part - 32) / 8:.1f}" height="{h:.1f}" '
            f'fill="{_GOODS[int(rng.integers(5))]}"/>'
            for j, h in enumerate(rng.uniform(4, 13, 6))
        )
        body += show
        body += (
            f'<rect x="{x + part - 19:.1f}" y="{top + 10:.1f}" width="14" '
            f'height="{ground - 10:.1f}" fill="#57483c"/>'
        )
        body += (
            f'<rect x="{x + part - 17:.1f}" y="{top + 13:.1f}" width="10" '
            f'height="{ground - 20:.1f}" fill="#3d4c58"/>'
        )
        if on:
            glow += f'<rect {box} fill="#ffdca0" opacity=".85"/>' + show
            glow += (
                f'<rect x="{x + part - 17:.1f}" y="{top + 13:.1f}" width="10" '
                f'height="{ground - 20:.1f}" fill="#ffcf90" opacity=".7"/>'
            )
        if rng.random() < 0.55:
            a, b = _AWNINGS[int(rng.integers(len(_AWNINGS)))]
            n = 8
            for j in range(n):
                x0 = x + 1 + (part - 4) * j / n
                w = (part - 4) / n
                body += (
                    f'<path d="M{x0:.1f} {top + 5:.1f} h{w:.1f} v9 q{-w / 2:.1f} '
                    f'4 {-w:.1f} 0 Z" fill="{(a, b)[j % 2]}"/>'
                )
                if on:
                    glow += (
                        f'<path d="M{x0:.1f} {top + 8:.1f} h{w:.1f} v6 q{-w / 2:.1f} '
                        f'4 {-w:.1f} 0 Z" fill="{(a, b)[j % 2]}" '
                        'opacity=".5"/>'
                    )
        code = NEON[int(rng.integers(len(NEON)))] if neon else "#e8d8b0"
        sign = (
            f'<rect x="{x + 5:.1f}" y="{top + 1:.1f}" width="{part - 12:.1f}" '
            'height="7" rx="1" fill="#1c1a1e"/>'
        )
        body += sign
        marks = glyphs(rng, x + 8, top + 2.4, part - 18, 4.2, code)
        body += marks
        if on or neon:
            glow += marks
        if neon and rng.random() < 0.8:
            y = top - 26
            glow += (
                halo(x + part / 2, y + 9, 24, code, f"n{k}")
                + (
                    f'<rect x="{x + part * 0.2:.1f}" y="{y:.1f}" width="{part * 0.6:.1f}" '
                    f'height="18" rx="3" fill="none" stroke="{code}" '
                    'stroke-width="2"/>'
                )
                + glyphs(rng, x + part * 0.25, y + 4, part * 0.5, 10, code)
            )
    return body, glow


def glyphs(
    rng: np.random.Generator, x: float, y: float, width: float, height: float, code: str
) -> str:
    """Lettering that says nothing: strokes in the rhythm of letters."""
    out, at = "", x
    while at < x + width - height * 0.6:
        w = height * float(rng.uniform(0.45, 0.8))
        kind = int(rng.integers(5))
        h, t = height, height * 0.19
        out += {
            0: (
                f'<path d="M{at:.1f} {y + h:.1f} V{y:.1f} H{at + w:.1f} V{y + h:.1f}" '
                f'fill="none" stroke="{code}" stroke-width="{t:.2f}"/>'
            ),
            1: (
                f'<path d="M{at:.1f} {y:.1f} V{y + h:.1f} H{at + w:.1f} '
                f'M{at:.1f} {y + h / 2:.1f} h{w * 0.8:.1f}" fill="none" '
                f'stroke="{code}" stroke-width="{t:.2f}"/>'
            ),
            2: (
                f'<ellipse cx="{at + w / 2:.1f}" cy="{y + h / 2:.1f}" rx="{w / 2:.1f}" '
                f'ry="{h / 2:.1f}" fill="none" stroke="{code}" '
                f'stroke-width="{t:.2f}"/>'
            ),
            3: (
                f'<path d="M{at:.1f} {y:.1f} L{at + w / 2:.1f} {y + h:.1f} '
                f'L{at + w:.1f} {y:.1f} M{at:.1f} {y + h * 0.5:.1f} h{w:.1f}" '
                f'fill="none" stroke="{code}" stroke-width="{t:.2f}"/>'
            ),
            4: (
                f'<path d="M{at + w:.1f} {y:.1f} H{at:.1f} v{h / 2:.1f} '
                f'h{w:.1f} v{h / 2:.1f} H{at:.1f}" fill="none" '
                f'stroke="{code}" stroke-width="{t:.2f}"/>'
            ),
        }[kind]
        at += w + height * 0.32
    return out


def neon_sign(rng: np.random.Generator) -> Drawing:
    """A sign that stands out from the wall: a tall glowing box of 60 by 160 units."""
    a, b = rng.choice(len(NEON), 2, replace=False)
    first, second = NEON[int(a)], NEON[int(b)]
    body = '<rect x="12" y="6" width="36" height="148" rx="5" fill="#16141a"/>'
    marks = ""
    for k in range(5):
        y = 16 + 27 * k
        marks += f'<g transform="translate(20 {y})">' + glyphs(rng, 0, 0, 28, 20, first) + "</g>"
    if rng.random() < 0.4:
        marks = (
            f'<circle cx="30" cy="34" r="12" fill="none" stroke="{second}" stroke-width="3.4"/>'
            f'<path d="M22 40 q8 8 16 0 M24 28 v4 M36 28 v4" stroke="{second}" stroke-width="3" '
            f'fill="none"/>'
            + "".join(
                f'<g transform="translate(20 {64 + 29 * k})">'
                + glyphs(rng, 0, 0, 28, 20, first)
                + "</g>"
                for k in range(3)
            )
        )
    glow = (
        '<g transform="translate(0 40) scale(1 1.6)">'
        + halo(30, 25, 30, first, "g")
        + "</g>"
        + f'<rect x="14" y="8" width="32" height="144" rx="4" fill="none" stroke="{second}" '
        'stroke-width="2.6"/>' + marks
    )
    return Drawing(body, 60, 160, glow)
