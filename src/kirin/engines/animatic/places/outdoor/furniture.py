"""Furniture of streets and parks as drawings."""

from __future__ import annotations

from kirin.engines.animatic.places.outdoor.flat import Drawing


def bench() -> Drawing:
    """A park bench of 120 by 60 units."""
    slats = "".join(
        f'<rect x="6" y="{y}" width="108" height="6" rx="1.5" fill="{fill}"/>'
        for y, fill in ((6, "#a9794a"), (15, "#9a6c40"), (24, "#8c6038"), (36, "#b58755"))
    )
    legs = "".join(
        f'<path d="M{x} 4 L{x + 2} 40 L{x - 3} 60 h5 l4 -18 h6 V36 h-6 V4 Z" fill="#2e2e30"/>'
        for x in (16, 98)
    )
    return Drawing(legs + slats, 120, 60)


def lamp_post() -> Drawing:
    """An old lamp post of 40 by 160 units."""
    body = (
        '<rect x="18" y="36" width="4" height="118" fill="#26282c"/>'
        '<path d="M12 160 L15 140 H25 L28 160 Z" fill="#1e2024"/>'
        '<path d="M11 12 L29 12 L26 38 H14 Z" fill="#d8d2c0"/>'
        '<path d="M8 12 L20 0 L32 12 Z" fill="#26282c"/><rect x="13" y="36" width="14" height="4" '
        'fill="#26282c"/>'
    )
    glow = _halo(20, 25, 19, "#ffd890") + '<path d="M12 13 L28 13 L25 37 H15 Z" fill="#ffe9b8"/>'
    return Drawing(body, 40, 160, glow)


def street_lamp() -> Drawing:
    """A modern street lamp of 60 by 200 units, its arm to the right."""
    body = (
        '<path d="M6 200 L7 20 Q8 8 26 7 L50 9 L50 13 L26 12 Q13 13 12 22 L12 200 Z" '
        'fill="#3c4046"/><path d="M40 8 h18 l-3 6 h-14 Z" fill="#505660"/>'
    )
    glow = _halo(48, 15, 12, "#ffdca0") + '<path d="M41 12 h15 l-2 4 h-11 Z" fill="#fff2d0"/>'
    return Drawing(body, 60, 200, glow)


def _halo(x: float, y: float, radius: float, code: str) -> str:
    return (
        f'<defs><radialGradient id="h"><stop offset="0" stop-color="{code}" stop-opacity=".55"/>'
        f'<stop offset=".35" stop-color="{code}" stop-opacity=".16"/><stop offset="1" '
        f'stop-color="{code}" stop-opacity="0"/></radialGradient></defs><circle cx="{x}" cy="{y}" '
        f'r="{radius}" fill="url(#h)"/>'
    )


def halo(x: float, y: float, radius: float, code: str, name: str) -> str:
    """A soft glow as elements of SVG; ``name`` is unique in its drawing."""
    return (
        _halo(x, y, radius, code)
        .replace('id="h"', f'id="{name}"')
        .replace("url(#h)", f"url(#{name})")
    )
