"""Whole figures, put together from drawings that show a head or a bust only."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container
from dataclasses import replace
from pathlib import Path
from typing import Any

from concepts.art import only, without
from concepts.names import Named

ENDING = "-standing"
_OWN = Path(__file__).parent / "own"
_ID = re.compile(r'(id="|url\(#|href="#)')


def figures(drawings: dict[str, str], named: dict[str, Named]) -> dict[str, str]:
    """Whole drawings by the ids of their heads and busts."""
    table = tomllib.loads((Path(__file__).parent / "figures.toml").read_text())
    made: dict[str, str] = {}
    for name, (body, x, y, scale) in table["heads"].items():
        made[name] = drawings[body] + _placed(drawings[name], x, y, scale)
    for name, (body, x, y, scale, *colours) in table["animals"].items():
        bare = without(drawings[body], table["headless"][body])
        matrices = [table["colours"][colour] for colour in colours]
        coloured = _bodied(bare, table["limbs"].get(body, {}), *matrices)
        made[name] = coloured + _placed(drawings[name], x, y, scale)
    for name, names in named.items():
        busts = table["bust_ids"]
        is_bust = names.subgroup in busts["subgroups"] and name not in busts["without"]
        if is_bust and name not in made and name in drawings:
            made[name] = _on_legs(drawings[name], *_clothes(name, table))
    for name, (x, y, scale) in table["own"].items():
        made[name] = _drawn(name) + _placed(drawings[name], x, y, scale)
    return made


def add_figures(drawings: dict[str, str], named: dict[str, Named]) -> None:
    """Add the figures to the drawings, and their names to the names."""
    for name, drawing in figures(drawings, named).items():
        drawings[name + ENDING] = drawing
        named[name + ENDING] = replace(named[name], english_tags=(), chinese_tags=())


def add_own(drawings: dict[str, str], named: dict[str, Named]) -> None:
    """Add what is drawn for this, by the table ``own.toml``; each is a subgroup of its own."""
    for name, (english, chinese, *_) in own().items():
        drawings[name] = _drawn(name)
        named[name] = Named(english, chinese, name, (), ())


def own() -> dict[str, list[Any]]:
    """Names and facts of the drawings of our own, by id."""
    table = tomllib.loads((Path(__file__).parent / "own.toml").read_text())
    concepts: dict[str, list[Any]] = table["concepts"]
    return concepts


def whole(concept: str, ids: Container[str]) -> str:
    """The figure that is the whole of a concept, if there is one."""
    return concept + ENDING if concept + ENDING in ids else concept


def _drawn(name: str) -> str:
    """What is inside a body that is drawn for this."""
    text = (_OWN / f"{name}.svg").read_text()
    return text[text.index(">") + 1 : text.rindex("</svg>")]


def _placed(drawing: str, x: float, y: float, scale: float) -> str:
    """A drawing around a centre, its identifiers apart from those below it."""
    apart = _ID.sub(r"\1h-", drawing)
    across, down = x - 16 * scale, y - 16 * scale
    return f'<g transform="translate({across:.3f} {down:.3f}) scale({scale:g})">{apart}</g>'


def _bodied(body: str, limbs: dict[str, list[str]], trunk: str, of_limbs: str | None = None) -> str:
    """A body in a colour, or its trunk and its limbs in one each."""
    if of_limbs is None:
        return _coloured(body, trunk)
    behind, before = limbs["behind"], limbs["before"]
    return (
        _coloured(only(body, behind), of_limbs)
        + _coloured(without(body, behind + before), trunk, "f2")
        + _coloured(only(body, before), of_limbs, "f3")
    )


def _coloured(drawing: str, matrix: str, name: str = "f1") -> str:
    return (
        f'<filter id="{name}" color-interpolation-filters="sRGB" x="-10%" y="-10%" width="120%"'
        f' height="120%"><feColorMatrix values="{matrix}"/></filter>'
        f'<g filter="url(#{name})">{drawing}</g>'
    )


def _clothes(name: str, table: dict[str, Any]) -> tuple[str, str]:
    for part, colours in table["busts"].items():
        if part in name:
            return colours[0], colours[1]
    trousers, shoes = table["busts"]["default"]
    return trousers, shoes


def _on_legs(bust: str, trousers: str, shoes: str) -> str:
    """A bust on two short legs, as in a cartoon."""
    return _legs(trousers, shoes, 11.9, 16.3, 3.8, 18.5) + _placed(bust, 16, 10.6, 0.66)


def _legs(trousers: str, shoes: str, left: float, right: float, width: float, top: float) -> str:
    gradient = (
        '<linearGradient id="l1" x1="0" x2="1" y1="0" y2="0">'
        f'<stop stop-color="{trousers}"/><stop offset=".55" stop-color="{trousers}"/>'
        f'<stop offset="1" stop-color="{trousers}" stop-opacity=".78"/></linearGradient>'
    )
    leg = f'y="{top}" width="{width}" height="{29.6 - top:g}" rx="1.2"'
    shoe = "v-1.2a1.9 1.9 0 0 1 1.9-1.9h1.3a1.9 1.9 0 0 1 1.9 1.9v1.2z"
    parts = [gradient]
    for x, shift in ((left, -0.9), (right, -0.4)):
        parts.append(f'<rect x="{x}" {leg} fill="#1b1a2b"/>')
        parts.append(f'<rect x="{x}" {leg} fill="url(#l1)"/>')
        parts.append(f'<path d="M{x + shift:g} 31.4{shoe}" fill="{shoes}"/>')
    return "".join(parts)
