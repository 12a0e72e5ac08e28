"""Drawings of a market: stalls, bunting and lanterns."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.places.outdoor.flat import Drawing
from kirin.engines.animatic.places.outdoor.furniture import halo

_CLOTHS = (
    ("#c8382e", "#f4ecdc"),
    ("#2a7a5a", "#f4ecdc"),
    ("#2c5f9a", "#f4ecdc"),
    ("#d8962a", "#f8f0dc"),
    ("#7a3f8a", "#f4ecdc"),
)
_GOODS = ("#d8402e", "#f0962a", "#7fae38", "#e8c83a", "#8a3a6a", "#b8562a", "#4f8a3c", "#f0d8b0")


def stall(rng: np.random.Generator, lit: bool) -> Drawing:
    """A stall of 110 by 120 units: an awning over a sloping table of crates."""
    a, b = _CLOTHS[int(rng.integers(len(_CLOTHS)))]
    body = (
        '<rect x="8" y="16" width="4" height="104" fill="#5a4632"/>'
        '<rect x="98" y="16" width="4" height="104" fill="#5a4632"/>'
        '<rect x="12" y="40" width="86" height="40" fill="#2c241e"/>'
    )
    # Goods that hang at the back.
    for k in range(6):
        code = _GOODS[int(rng.integers(len(_GOODS)))]
        body += f'<ellipse cx="{20 + 14 * k}" cy="{50 + rng.uniform(0, 6):.1f}" rx="4" ry="{rng.uniform(5, 9):.1f}" fill="{code}" opacity=".85"/>'
    for row in range(3):
        y = 72 + row * 11
        for k in range(4):
            x = 7 + 24.2 * k
            code = _GOODS[int(rng.integers(len(_GOODS)))]
            body += f'<rect x="{x:.1f}" y="{y}" width="22.5" height="12" fill="#7a5c3a"/>'
            for j in range(9):
                cx, cy = x + 3 + 4.1 * (j % 5), y + 1.6 - 2.2 * (j // 5)
                body += f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="2.7" fill="{code}" stroke="#000" stroke-opacity=".22" stroke-width=".5"/>'
            body += f'<rect x="{x:.1f}" y="{y + 5}" width="22.5" height="6" fill="#9a7a50"/>'
    body += '<rect x="5" y="104" width="100" height="16" fill="#6a4e34"/>'
    n = 9
    for k in range(n):
        x, w = 110 * k / n, 110 / n
        fill = (a, b)[k % 2]
        inner = 8 + 94 * k / n
        iw = 94 / n
        body += (
            f'<path d="M{inner:.1f} 6 h{iw:.1f} L{x + w:.1f} 30 h{-w:.1f} Z" fill="{fill}"/>'
            f'<path d="M{x:.1f} 30 h{w:.1f} v6 q{-w / 2:.1f} 6 {-w:.1f} 0 Z" fill="{fill}"/>'
            f'<path d="M{x:.1f} 30 h{w:.1f} v2 h{-w:.1f} Z" fill="#000" opacity=".18"/>'
        )
    glow = ""
    if lit:
        glow = (
            halo(55, 58, 44, "#ffc870", "s")
            + '<circle cx="36" cy="46" r="4.2" fill="#fff0c8"/><circle cx="74" cy="46" r="4.2" '
            'fill="#fff0c8"/>'
        )
    return Drawing(body, 110, 120, glow)


def bunting(rng: np.random.Generator) -> Drawing:
    """A string of pennants across the way, 400 by 60 units."""
    body = '<path d="M0 4 Q200 66 400 4" fill="none" stroke="#4a4238" stroke-width="1.6"/>'
    for k in range(22):
        t = (k + 0.5) / 22
        x, y = 400 * t, 4 + 124 * t * (1 - t)
        code = ("#d8402e", "#f0c83a", "#3a8a5a", "#3a6ab0", "#f4ecdc")[int(rng.integers(5))]
        body += f'<path d="M{x - 7:.1f} {y - 1:.1f} h14 l-7 19 Z" fill="{code}"/>'
    return Drawing(body, 400, 60)


def lanterns(rng: np.random.Generator) -> Drawing:
    """A string of paper lanterns across the way, 400 by 60 units."""
    body = '<path d="M0 2 Q200 40 400 2" fill="none" stroke="#2a2420" stroke-width="1.4"/>'
    glow = ""
    for k in range(11):
        t = (k + 0.5) / 11
        x, y = 400 * t, 12 + 76 * t * (1 - t)
        code = ("#ff6a3a", "#ffb040", "#ff4a4a", "#ffd890")[int(rng.integers(4))]
        shape = f'<ellipse cx="{x:.1f}" cy="{y + 9:.1f}" rx="9" ry="10" fill="{code}"/>'
        body += shape + f'<rect x="{x - 4:.1f}" y="{y - 2:.1f}" width="8" height="3" fill="#2a2420"/>'
        glow += halo(x, y + 9, 22, code, f"l{k}") + shape
    return Drawing(body, 400, 60, glow)
