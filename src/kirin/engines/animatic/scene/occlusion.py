"""What is in front of what: the order of a scene's own drawables and of its guests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from kirin.engines.animatic.scene.assembly import Drawable
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.rain import Rain
from kirin.engines.animatic.scene.snow import Snow
from kirin.engines.animatic.scene.water import Water

_SKY = 0.05  # disparity of what is in the sky, behind water


@runtime_checkable
class Guest(Drawable, Protocol):
    """A drawable that is no part of the place: a figure or a performer."""

    def nearness(self, seconds: float) -> float:
        """Its disparity at a time."""
        ...


def ordered(own: Sequence[Drawable], guests: Iterable[Guest], seconds: float) -> list[Drawable]:
    """All drawables from back to front: guests behind the grass, fog and weather nearer than they.

    Args:
        own: of the place, from back to front.
        guests: in any order.
        seconds: since the start of the clip.
    """
    found = list(own)
    for guest in sorted(guests, key=lambda each: each.nearness(seconds)):
        disparity = guest.nearness(seconds)
        index = len(found)
        while index and _in_front(found[index - 1], disparity, seconds):
            index -= 1
        found.insert(index, guest)
    return found


def _in_front(drawable: Drawable, disparity: float, seconds: float) -> bool:
    """Whether a drawable is in front of a guest of this disparity."""
    if isinstance(drawable, SceneLayer):
        # All of it is nearer, its farthest part too.
        return drawable.depth.far > disparity
    if isinstance(drawable, Water):
        return disparity < _SKY
    if isinstance(drawable, Guest):
        return drawable.nearness(seconds) > disparity
    return isinstance(drawable, Rain | Snow)
