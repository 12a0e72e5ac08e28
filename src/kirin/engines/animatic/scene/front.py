"""What stands nearest in open country: chosen by terrain and variety, at the edges of the view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from kirin.domain.intent import Season, Terrain
from kirin.engines.animatic.scene.foreground import (
    blades,
    bough,
    fronds,
    posts,
    rail,
    rocks,
    trunk,
)
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.setting import Setting

Piece = Callable[[Setting], SceneLayer]

_FLOWERS = partial(blades, tall=0.22, heads=("#e8e2f0", "#d8a03a"))
_DRY = partial(blades, colours=("#5a4424", "#c8a868"), tall=0.20)
_LIMBS = partial(bough, at_trunk=True)
_SANDSTONE = partial(rocks, codes=("#5a3a22", "#c89468"))

_PIECES: Mapping[Terrain, Sequence[Sequence[Piece]]] = {
    Terrain.MOUNTAINS: ((rocks,), (_FLOWERS,), (bough, rocks), (trunk, _LIMBS), (rocks, _FLOWERS), ()),
    Terrain.FOREST: ((trunk, _LIMBS), (bough,), (trunk, _LIMBS, blades), (rocks, bough), (blades,)),
    Terrain.DESERT: ((_SANDSTONE,), (_DRY,), (_SANDSTONE, _DRY), ()),
    Terrain.FIELDS: ((posts,), (trunk, _LIMBS), (bough,), (posts, bough), ()),
    Terrain.SEA: ((rocks,), (rail,), (partial(fronds, low=False),), (rocks,), ()),
    Terrain.CITY: ((rail,), (bough,), (trunk, _LIMBS), (rail, bough), ()),
    Terrain.SPACE: ((),),
}
"""Sets of pieces; a scene has one of its terrain's."""


def front(setting: Setting) -> list[SceneLayer]:
    """The nearest layers of open country, back to front."""
    choices = _PIECES[setting.scene.terrain]
    pieces = choices[int(setting.rng(609).integers(len(choices)))]
    bare = setting.snowy or setting.scene.season is Season.WINTER
    return [piece(setting) for piece in pieces if not (bare and piece is _FLOWERS)]
