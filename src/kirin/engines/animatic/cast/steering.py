"""Steering: people who make something else fly: a kite, a drone, an aeroplane."""

from __future__ import annotations

import numpy as np

from kirin.domain.cast import Action
from kirin.engines.animatic.cast.lines import stretch
from kirin.engines.animatic.cast.motion import Motion
from kirin.engines.animatic.cast.rehearsal import Rehearsal

_STRUNG = frozenset({"kite", "balloon"})
"""Art that flies on a line."""
_HAND = 0.52  # of the holder's height above its foot


def steer(r: Rehearsal, index: int) -> None:
    """Look up to what flies, and hold its line."""
    goal = r.cast.members[index].target
    if goal is None or not r.motions[goal]:
        return
    people, flown = r.motions[index], r.motions[goal]
    for number, motion in enumerate(people):
        motion.rotation = motion.rotation + 0.035 * r.wave(0.35, 0.3 * number)
        motion.row = motion.row - 0.006 * np.abs(r.wave(0.7, 0.3 * number))
    for number, thing in enumerate(flown):
        _soar(r, thing, people[0], number)
        # In the hand of whoever is nearest to it.
        away = [abs(float(m.x[0] - thing.x[0])) for m in people]
        host = people[int(np.argmin(away))]
        if r.concepts[goal].id in _STRUNG:
            _string(r, thing, host)


def _soar(r: Rehearsal, thing: Motion, host: Motion, number: int) -> None:
    """In a lying eight, above and beside whoever steers it."""
    left, top, right, _ = r.view.safe(float(thing.disparity[0]))
    half = 0.55 * float(thing.width(r.view.aspect)[0])
    side = -1.0 if host.x[0] > 0 else 1.0
    thing.height = np.clip(thing.height, 0.13, 0.24)
    middle = float(host.x[0]) + side * (0.24 + 0.10 * number)
    middle = min(max(middle, left + half + 0.06), right - half - 0.06)
    shift = 0.37 * number
    thing.x = middle + 0.06 * r.wave(0.22, shift)
    highest = max(top, r.view.ground.ceiling) + 0.05 + thing.height
    lowest = host.top() - 0.02
    base = np.minimum(np.maximum(highest, -0.22), np.maximum(lowest, highest))
    thing.row = base + 0.03 * r.wave(0.44, shift)
    thing.rotation = thing.rotation + 0.16 * r.wave(0.22, shift + 0.25)
    thing.disparity = host.disparity * 0.99
    thing.ground = np.full(r.frames, np.nan)


def _string(r: Rehearsal, thing: Motion, host: Motion) -> None:
    """From a hand to the lower part of what flies."""
    side = np.sign(thing.x - host.x)
    hand = (host.x + 0.42 * side * host.width(r.view.aspect), host.row - _HAND * host.height)
    knot = (thing.x, thing.row - 0.45 * thing.height)
    stretch(r, host, "string", hand, knot, 0.005)


def is_steered(r: Rehearsal, index: int) -> bool:
    """Whether somebody makes a member fly."""
    return any(m.target == index and m.action is Action.FLY for m in r.cast.members)
