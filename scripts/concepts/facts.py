"""Writes the facts of concepts: those of ``facts.toml``, and boxes measured in the drawings."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pyvips
from concepts.names import Named

_SIDE = 256  # of the drawing that a box is measured in, in pixels
_SEEN = 12  # of 255; the faint rim of a blur is not
_FACTS = ("kind", "habitat", "gait", "facing", "extent")
_TALL = 1.75  # a person
_SYMBOL = ("symbol", "wall", "still", "front", "whole", 0.5)


def write_facts(drawings: dict[str, str], named: dict[str, Named], path: Path) -> dict[str, str]:
    """Write a line per concept, tabs between: id, names, five facts, size, four sides of the box.

    Returns:
        The kind of each concept.
    """
    table = tomllib.loads((Path(__file__).parent / "facts.toml").read_text())
    _check(table, set(drawings))
    lines, kinds = [], {}
    for name, body in drawings.items():
        facts = _facts(name, named[name].subgroup, table)
        kinds[name] = facts[0]
        box = "\t".join(f"{side:.4f}" for side in _box(body))
        lines.append("\t".join((name, named[name].english, named[name].chinese, *facts, box)))
    path.write_text("\n".join(lines) + "\n")
    return kinds


def _facts(name: str, subgroup: str, table: dict[str, Any]) -> tuple[str, ...]:
    facts = dict(zip((*_FACTS, "size"), table["groups"].get(subgroup, _SYMBOL), strict=True))
    for fact in _FACTS:
        for value, endings in table.get(f"{fact}_suffix", {}).items():
            if name.endswith(tuple(endings)):
                facts[fact] = value
        for value, ids in table[fact].items():
            if name in ids:
                facts[fact] = value
    if facts["kind"] == "symbol" and facts["gait"] != "still":
        facts["gait"] = "still"
    usual = _TALL if name.endswith("-standing") else facts["size"]
    facts["size"] = f"{table['size'].get(name, usual):g}"
    return tuple(facts.values())


def _check(table: dict[str, Any], ids: set[str]) -> None:
    """A fact about no concept is a typing error."""
    told = {name for fact in _FACTS for names in table[fact].values() for name in names}
    unknown = sorted((told | set(table["size"]) | set(table["cut"])) - ids)
    if unknown:
        raise SystemExit(f"facts.toml: no such concepts: {', '.join(unknown)}")
    for fact in _FACTS:
        twice = [n for n in told if sum(n in names for names in table[fact].values()) > 1]
        if twice:
            raise SystemExit(f"facts.toml: two values of {fact}: {', '.join(twice)}")


def _box(body: str) -> tuple[float, float, float, float]:
    document = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="{_SIDE}"'
        f' height="{_SIDE}">{body}</svg>'
    )
    alpha = pyvips.Image.svgload_buffer(document.encode(), unlimited=True).numpy()[..., 3]
    columns, rows = (np.flatnonzero((alpha > _SEEN).any(axis)) for axis in (0, 1))
    return (
        float(columns[0] / _SIDE),
        float(rows[0] / _SIDE),
        float((columns[-1] + 1) / _SIDE),
        float((rows[-1] + 1) / _SIDE),
    )
