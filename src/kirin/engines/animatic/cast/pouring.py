"""Pouring: a vessel that is tilted, what flows, and what it flows into."""

from __future__ import annotations

from dataclasses import replace

from kirin.concepts.concept import Facing, plain_name
from kirin.engines.animatic.cast import effects
from kirin.engines.animatic.cast.costume import tables
from kirin.engines.animatic.cast.hosting import receiver_of
from kirin.engines.animatic.cast.motion import Motion
from kirin.engines.animatic.cast.rehearsal import Rehearsal


def pour(r: Rehearsal, index: int) -> None:
    """Tilt a vessel, and let it flow; whoever holds it only leans a little."""
    number = receiver_of(r.cast, index)
    goal: list[Motion] = []
    own = r.motions[index]
    if (poured := r.cast.members[index].target) is not None and poured != index:
        goal = r.motions[poured]
    if not r.is_living(index):
        _tilt(r, own, 1.15)
        return
    host = own[0]
    side = 1.0 if host.heading[0] >= 0 else -1.0
    host.rotation = host.rotation + 0.05 * side * r.eased(0.05, 0.30)
    liquid = bool(goal) and goal[0].costume.art == "droplet"
    if goal and number is None and not liquid:
        _tilt(r, goal, 1.05)
        return
    vessels = tables()["vessels"]
    full = vessels.get(goal[0].costume.art) if goal else None
    names = full or vessels.get(plain_name(r.concepts[index].id), vessels["any"])
    vessel = r.hold(names, host, 0.5, 0.40, 0.30)
    if vessel is None:
        return
    apart = 0.5 * host.width(r.view.aspect) + 0.30 * vessel.width(r.view.aspect)
    vessel.x = host.x + side * apart
    if number is not None:
        filled = r.motions[number][0]
        vessel.x = filled.x - 0.50 * side * vessel.width(r.view.aspect)
        vessel.row = filled.top() - 0.02 * host.height
    for drop in goal if liquid else []:
        drop.height = 0.14 * host.height * (0.2 + 0.8 * r.eased(0.15, 0.35))
        drop.x = vessel.x + 0.5 * side * vessel.width(r.view.aspect)
        turn = (1.1 * r.pace * r.seconds) % 1.0
        drop.row = vessel.row + (0.1 * turn - 0.02) * host.height
    if vessel.costume.facing is Facing.FRONT and vessel.costume.art in tables()["spouts_left"]:
        vessel.costume = replace(vessel.costume, facing=Facing.LEFT)
    vessel.heading[:] = side
    _tilt(r, [vessel], float(tables()["tilts"].get(vessel.costume.art, 0.75)))


def _tilt(r: Rehearsal, vessels: list[Motion], angle: float) -> None:
    for motion in vessels:
        side = 1.0 if motion.heading[0] >= 0 else -1.0
        motion.rotation = motion.rotation + side * angle * r.eased(0.05, 0.30)
        motion.row = motion.row - 0.10 * motion.height * r.eased(0.05, 0.30)
        for each in effects.droplets(r, motion, side):
            each.opacity = each.opacity * r.eased(0.2, 0.32)
