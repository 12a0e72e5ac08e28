"""Storyboards for open models."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Shot, Storyboard

Board = Callable[..., Storyboard]
"""Makes a storyboard of one shot; fields of the shot and of the storyboard by name."""

PICTURE = Asset.announced(AssetKind.IMAGE)

_OF_SHOTS = {"prompt", "seconds", "first", "last", "references", "strokes", "still"}


@pytest.fixture
def board() -> Board:
    def make(**given: Any) -> Storyboard:
        of_shot = {name: value for name, value in given.items() if name in _OF_SHOTS}
        others = {name: value for name, value in given.items() if name not in _OF_SHOTS}
        shot = Shot(**{"prompt": "a lake", "seconds": 5, **of_shot})
        usual = {"model": "any", "width": 1280, "height": 720, "fps": Fraction(24)}
        return Storyboard(**{**usual, "shots": (shot,), **others})

    return make
