"""Continuity: a shot that names no other place keeps the picture and the place it had.

A card gives a picture to the first shot or the last one alone. The shots between them do not
leave it: they show another part of it, unless their prompts name a place elsewhere.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Final

from kirin.domain.assets import Asset
from kirin.domain.cast import ShotSize
from kirin.domain.storyboard import Shot, Storyboard
from kirin.prompt.continuity import PLACES
from kirin.prompt.reader import read_intent

_SHARES: Final = (0.72, 0.56, 0.85, 0.64)
"""Shares of the picture that shots show one after the other, so that no cut looks like a jump."""

_SHARES_BY_SIZE: Final = {
    ShotSize.MACRO: 0.4,
    ShotSize.CLOSE_UP: 0.52,
    ShotSize.OVER_THE_SHOULDER: 0.7,
    ShotSize.MEDIUM: 0.7,
    ShotSize.FULL: 0.9,
    ShotSize.WIDE: 1.0,
    ShotSize.AERIAL: 1.0,
}


@dataclass(frozen=True, slots=True)
class Continuity:
    """A storyboard whose shots keep what they had.

    Attributes:
        storyboard: with a ``first`` picture in each shot that goes on with one.
        carried: for each shot how many shots before it were given a picture in this way; ``None``
            where the picture is the shot's own, or there is none.
        kept: for each shot whether it plays where the shot before it does.
    """

    storyboard: Storyboard
    carried: tuple[int | None, ...]
    kept: tuple[bool, ...]

    def share(self, index: int, size: ShotSize | None) -> float:
        """Which share of the first picture's width a shot starts from, 0 to 1.

        Args:
            index: of the shot.
            size: the shot size that its prompt names.
        """
        count = self.carried[index]
        if count is None:
            return 1.0
        return _SHARES_BY_SIZE[size] if size else _SHARES[count % len(_SHARES)]


@dataclass(frozen=True, slots=True)
class _Setup:
    """Where a shot plays: over a picture, or in a drawn scene, and the places it names."""

    picture: Asset | None
    places: frozenset[str]


def carry_over(storyboard: Storyboard) -> Continuity:
    """Decide which shots keep the picture or the place of an earlier one."""
    shots = storyboard.shots
    if len(shots) == 1:
        return Continuity(storyboard, (None,), (False,))
    named = [_places(shot, storyboard) for shot in shots]
    setups: list[_Setup] = []
    made: list[Shot] = []
    carried: list[int | None] = []
    for shot, places in zip(shots, named, strict=True):
        own = _picture(shot)
        source = None if own else _source(places, setups, shots, named)
        picture = source.picture if source else None
        setups.append(_Setup(own or picture, source.places if source else places))
        count = sum(each is not None for each in carried)
        carried.append(count if picture else None)
        made.append(replace(shot, first=picture) if picture else shot)
    kept = [False] + [
        now.picture == past.picture and now.places <= past.places
        for past, now in itertools.pairwise(setups)
    ]
    return Continuity(replace(storyboard, shots=tuple(made)), tuple(carried), tuple(kept))


def _source(
    places: frozenset[str],
    setups: list[_Setup],
    shots: tuple[Shot, ...],
    named: list[frozenset[str]],
) -> _Setup | None:
    """The setup that a shot without a picture goes back to; ``None`` if it needs a new one.

    Args:
        places: that its prompt names.
        setups: of the shots before it.
        shots: all.
        named: places of all.
    """
    if not setups:  # all pictures come later: the first of them is where it plays
        setups = [
            _Setup(_picture(shot), there)
            for shot, there in zip(shots, named, strict=True)
            if _picture(shot)
        ][:1]
    for setup in reversed(setups):
        if places <= setup.places:
            return setup
    return None


def _picture(shot: Shot) -> Asset | None:
    """The picture that a shot is given, the one that it ends with where there are two."""
    return shot.last or shot.first


def _places(shot: Shot, storyboard: Storyboard) -> frozenset[str]:
    intent = read_intent(shot.prompt, storyboard.negative_prompt, seed=storyboard.seed, drawn=False)
    return frozenset(intent.scene.understood) & PLACES
