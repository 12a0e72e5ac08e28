"""Actions that take a performer from one place to another."""

from __future__ import annotations

import math

import numpy as np

from kirin.concepts.concept import Gait
from kirin.domain.cast import Action, Heading, Relation
from kirin.engines.animatic.cast.effects import smoke_trail
from kirin.engines.animatic.cast.medium import Medium, steers
from kirin.engines.animatic.cast.motion import Curve, Motion
from kirin.engines.animatic.cast.rehearsal import Rehearsal
from kirin.engines.animatic.cast.steering import steer


def walk(r: Rehearsal, index: int) -> None:
    """At a walking pace."""
    _go(r, index, share=0.62, rate=1.0, bounce=0.020)


def run(r: Rehearsal, index: int) -> None:
    """Fast."""
    _go(r, index, share=1.0, rate=1.75, bounce=0.050)


def _go(r: Rehearsal, index: int, share: float, rate: float, bounce: float) -> None:
    heading = r.cast.members[index].heading
    gait = r.concepts[index].gait
    r.step(index, rate)
    if heading in (Heading.AWAY, Heading.TOWARDS):
        deepen(r, index, 0.62 if heading is Heading.AWAY else 1.45)
    elif (
        r.cast.members[index].relation is Relation.INTO and r.cast.members[index].anchor is not None
    ):
        enter_anchor(r, index)
    else:
        r.cross(index, share)
    for motion in r.motions[index]:
        if gait is Gait.HOP:
            bound(r, motion, 1.5 * rate * 0.7, 0.26)
        elif gait in (Gait.WALK, Gait.STILL) or motion.costume.gait is Gait.WALK:
            up = np.abs(np.sin(2 * np.pi * motion.phase))
            motion.row = motion.row - bounce * motion.height * up
            motion.rotation = motion.rotation + 0.9 * bounce * np.sin(2 * np.pi * motion.phase)
        elif gait is Gait.DRIVE:
            motion.row = motion.row - 0.006 * motion.height * np.abs(r.wave(1.7))


def bound(r: Rehearsal, motion: Motion, hertz: float, tall: float) -> None:
    """Jump on and on; ``tall`` is in heights of the art."""
    rise, squash = r.hop(hertz, 0.31 * motion.instance)
    motion.row = motion.row - tall * motion.height * rise
    motion.squash = motion.squash * squash


def deepen(r: Rehearsal, index: int, factor: float) -> None:
    """Move in depth, so that the size changes by a factor; feet stay on the ground."""
    share = r.eased() if abs(math.log(factor)) < 0.2 else r.share
    growth = factor**share if factor < 1 else factor ** (share - 0.35)
    ground = r.view.ground
    for motion in r.motions[index]:
        start = motion.disparity.copy()
        motion.disparity = np.clip(start * growth, 0.04, 1.15)
        real = motion.disparity / start
        if r.mediums[index] in (Medium.GROUND, Medium.WATER):
            drop = (0.5 - ground.horizon) * (motion.disparity - start)
            motion.row = motion.row + drop
        else:
            motion.row = motion.row + 0.5 * motion.height * (growth - 1)
            real = growth
        motion.height = motion.height * real
        motion.ground = np.where(np.isnan(motion.ground), np.nan, motion.row)


def fly(r: Rehearsal, index: int) -> None:
    """Through the air; up or down if it is said."""
    member, group = r.cast.members[index], r.motions[index]
    if steers(member, r.concepts[index]):
        steer(r, index)
        return
    r.step(index, 1.15)
    if member.heading is Heading.TOWARDS or member.heading is Heading.AWAY:
        deepen(r, index, 0.5 if member.heading is Heading.AWAY else 1.8)
    elif member.heading in (Heading.UP, Heading.DOWN):
        rise(r, index) if member.heading is Heading.UP else fall(r, index)
        return
    elif member.relation is Relation.INTO and member.anchor is not None:
        enter_anchor(r, index)
    else:
        r.cross(index, 0.85)
    for number, motion in enumerate(group):
        lift = 0.022 if r.concepts[index].gait is Gait.GLIDE else 0.035
        wave = r.wave(0.33, 0.3 * number)
        motion.row = motion.row - lift * wave
        motion.rotation = motion.rotation + 0.05 * r.wave(0.33, 0.3 * number + 0.25) * np.sign(
            motion.heading
        )


def swim(r: Rehearsal, index: int) -> None:
    """Through the water, with fins or arms."""
    r.step(index, 1.2)
    r.cross(index, 0.7)
    for number, motion in enumerate(r.motions[index]):
        motion.row = motion.row - 0.014 * r.wave(0.5, 0.3 * number)
        motion.rotation = motion.rotation + 0.05 * r.wave(0.5, 0.3 * number + 0.25)


def drive(r: Rehearsal, index: int) -> None:
    """On wheels."""
    _go(r, index, share=0.95, rate=1.5, bounce=0.0)


def sail(r: Rehearsal, index: int) -> None:
    """On water, with the waves."""
    r.step(index, 1.0)
    r.cross(index, 0.6)
    for motion in r.motions[index]:
        motion.rotation = motion.rotation + 0.03 * r.wave(0.31)


def jump(r: Rehearsal, index: int) -> None:
    """Up and down on the spot, or once over what it jumps over."""
    member, group = r.cast.members[index], r.motions[index]
    goal = member.anchor if member.relation is Relation.OVER else None
    if goal is not None and goal != index and r.motions[goal]:
        over = r.motions[goal][0]
        sign = r.heading(index)
        for motion in group:
            motion.height = np.minimum(motion.height, 0.62 * over.height)
            across = r.eased(0.1, 0.9) - 0.5
            half = 0.5 * float(motion.width(r.view.aspect)[0])
            wide = 0.5 * float(over.width(r.view.aspect)[0]) + half + 0.10
            left, upper, right, _ = r.view.safe(float(over.disparity[0]))
            motion.x = over.x + 2 * sign * wide * across
            motion.x = np.clip(motion.x, left + half + 0.01, right - half - 0.01)
            flight = np.clip((r.share - 0.22) / 0.56, 0.0, 1.0)
            room = float(over.row[0] - motion.height[0]) - upper - 0.02
            top = min(float(over.height[0] * 1.10), max(room, 0.1))
            motion.row = over.row - 4 * flight * (1 - flight) * top
            motion.ground = over.row.copy()
            motion.rotation = motion.rotation + sign * 0.35 * (flight - 0.5) * (flight > 0)
            motion.heading[:] = sign
            motion.disparity = over.disparity * 1.01
        return
    r.step(index, 0.6, 0.6)
    r.cross(index, 0.18 if index not in r.carried else 0.5)
    for motion in group:
        bound(r, motion, 0.85, 0.55)
        if r.mediums[index] is Medium.WATER:
            # Nose up out of the water, and nose down into it.
            turn = 2 * np.pi * (0.85 * r.pace * r.seconds + 0.31 * motion.instance)
            motion.rotation = motion.rotation - 0.45 * np.sign(motion.heading) * np.sin(turn)


def fall(r: Rehearsal, index: int) -> None:
    """Down from above, to the ground where there is any."""
    _, top, _, _ = r.view.safe(0.6)
    for number, motion in enumerate(r.motions[index]):
        rest = float(motion.row[0])
        drop = max(min(rest - top - 1.2 * float(motion.height[0]) - 0.02, 0.75), 0.10)
        delay = 0.10 * (number % 4)
        time = np.clip((r.share - 0.05 - delay) / 0.55, 0.0, 1.0)
        after = np.clip((r.share - 0.60 - delay) / 0.25, 0.0, 1.0)
        bounce = 0.10 * 4 * after * (1 - after)
        motion.row = motion.row - drop * np.maximum(1 - time**2, bounce)
        motion.rotation = motion.rotation + 0.8 * (1 - time) * (-1.0 if number % 2 else 1.0)
        if r.mediums[index] in (Medium.AIR, Medium.SKY, Medium.DEEP):
            motion.row = motion.row + drop * 0.6 * r.share


def rise(r: Rehearsal, index: int) -> None:
    """Upwards, as the sun, a rocket or steam."""
    _, top, _, bottom = r.view.safe(float(r.motions[index][0].disparity[0]))
    sky = r.mediums[index] is Medium.SKY
    rocket = r.concepts[index].gait is Gait.GLIDE
    r.step(index)
    for number, motion in enumerate(r.motions[index]):
        tall, rest = float(motion.height[0]), float(motion.row[0])
        # Of several, some are ahead.
        late = 0.09 * ((3 * number) % 5)
        end = top + 0.03 + tall + late
        start = r.view.ground.horizon + 0.6 * tall if sky else min(max(rest, 0.30), bottom - 0.02)
        start = min(start + 0.5 * late, max(bottom - 0.02, start))
        share = r.share**1.8 if rocket else r.eased(0.4 * late)
        motion.row = start + (min(end, start - 0.12) - start) * share
        if rocket and motion.costume.art == "rocket":
            # The art flies to the upper right.
            motion.heading[:] = 1.0
            motion.rotation = motion.rotation - math.pi / 4
    if r.concepts[index].id == "rocket":
        for motion in r.motions[index]:
            smoke_trail(r, motion)


def roll(r: Rehearsal, index: int) -> None:
    """Over the ground, in step with its way."""
    moved = r.cross(index, 0.9)
    if index in r.carried:
        moved = r.heading(index) * 0.5 * r.share
    for motion in r.motions[index]:
        radius = 0.5 * motion.height / r.view.aspect
        motion.rotation = motion.rotation + (moved - moved[0]) / np.maximum(radius, 0.02)


def chase(r: Rehearsal, index: int) -> None:
    """Run after the target, which runs ahead of it."""
    goal = r.cast.members[index].target
    if goal is None or goal == index or not r.motions[goal]:
        run(r, index)
        return
    hunter, prey = r.motions[index], r.motions[goal]
    sign = r.heading(index)
    # The two as one group: the target ahead, where they move to.
    wide = sum(float(m.width(r.view.aspect)[0]) for m in (hunter[0], prey[0])) / 2 + 0.03
    middle = (float(hunter[0].x[0]) + float(prey[0].x[0])) / 2
    for group, side in ((hunter, -1.0), (prey, 1.0)):
        for number, motion in enumerate(group):
            back = 0.6 * wide * number
            motion.x[:] = middle + sign * (side * wide / 2 - side * back * (side < 0))
            if side < 0:
                motion.x[:] = middle + sign * (-wide / 2 - back)
    _together(r, [index, goal], 0.8, sign)
    for each in (index, goal):
        r.step(each, 1.75)
        for motion in r.motions[each]:
            if r.concepts[each].gait is Gait.HOP:
                bound(r, motion, 1.7, 0.22)
            else:
                motion.row = motion.row - 0.04 * motion.height * np.abs(
                    np.sin(2 * np.pi * motion.phase)
                )
    # The chaser gains a little.
    for motion in hunter:
        motion.x = motion.x + sign * 0.02 * r.eased()


def _together(r: Rehearsal, which: list[int], share: float, sign: float) -> None:
    """Move several members by the same way, as far as the frame leaves room for all."""
    for each in which:
        for motion in r.motions[each]:
            motion.heading[:] = sign
    left, _, right, _ = r.view.safe(float(r.motions[which[0]][0].disparity[0]))
    everyone = [m for each in which for m in r.motions[each]]
    halves = [0.5 * float(m.width(r.view.aspect)[0]) for m in everyone]
    low = left - min(float(m.x[0]) - h for m, h in zip(everyone, halves, strict=True)) + 0.01
    high = right - max(float(m.x[0]) + h for m, h in zip(everyone, halves, strict=True)) - 0.01
    reach = max(high - low, 0.0) * share
    moved = np.full(r.frames, (low + high) / 2)
    if not set(which) & r.carried:
        moved = moved + sign * reach * (r.share - 0.5)
    for motion in everyone:
        motion.x = motion.x + moved


def approach(r: Rehearsal, index: int) -> None:
    """Towards the target, or towards the camera."""
    goal = r.cast.members[index].target
    if goal is None:
        goal = r.cast.members[index].anchor
    r.step(index)
    if goal is None or goal == index or not r.motions[goal]:
        deepen(r, index, 1.9)
    else:
        sign = r.heading(index)
        target = r.motions[goal][0]
        for motion in r.motions[index]:
            gap = 0.5 * (motion.width(r.view.aspect) + target.width(r.view.aspect)) * 0.92
            end = target.x - sign * gap
            begin = motion.x - sign * 0.16
            motion.x = begin + (end - begin) * r.eased(0.0, 0.9)
            motion.heading[:] = sign
    for motion in r.motions[index]:
        if motion.costume.gait is Gait.WALK:
            motion.row = motion.row - 0.02 * motion.height * np.abs(
                np.sin(2 * np.pi * motion.phase)
            )


def leave(r: Rehearsal, index: int) -> None:
    """Out of the frame, or away into the distance."""
    r.step(index, 1.2)
    if r.cast.members[index].heading is Heading.AWAY:
        deepen(r, index, 0.30)
        return
    _outside(r, index, r.eased(0.15, 1.0) ** 1.2)


def enter(r: Rehearsal, index: int) -> None:
    """Into the frame, or into the target."""
    r.step(index, 1.2)
    member = r.cast.members[index]
    if member.relation is Relation.INTO and member.anchor is not None:
        enter_anchor(r, index)
        return
    if member.target is not None and member.target != index:
        enter_anchor(r, index)
        return
    _outside(r, index, -(1.0 - r.eased(0.0, 0.8)))


def _outside(r: Rehearsal, index: int, share: Curve) -> None:
    """Displace by a share of the way out of the frame, in the direction of the heading."""
    sign = r.heading(index)
    for motion in r.motions[index]:
        motion.heading[:] = sign
        edge = sign * (0.62 + 0.55 * float(motion.width(r.view.aspect)[0]))
        if float(share.min()) < 0:
            motion.x = motion.x + (-edge - motion.x) * np.abs(share)
        else:
            motion.x = motion.x + (edge - motion.x) * share
        if motion.costume.gait in (Gait.WALK, Gait.STILL):
            motion.row = motion.row - 0.02 * motion.height * np.abs(
                np.sin(2 * np.pi * motion.phase)
            )


def enter_anchor(r: Rehearsal, index: int) -> None:
    """Go to the anchor and disappear in it."""
    member = r.cast.members[index]
    goal = member.anchor if member.anchor is not None else member.target
    if goal is None or goal == index or not r.motions[goal]:
        return
    target = r.motions[goal][0]
    way, gone = r.eased(0.0, 0.85), r.eased(0.72, 0.97)
    sign = r.heading(index)
    for motion in r.motions[index]:
        start = motion.x - sign * 0.06
        motion.heading[:] = sign
        lower = target.row + 0.004 if r.mediums[index] is Medium.GROUND else target.middle()
        motion.x = start + (target.x - start) * way
        motion.row = motion.row + (lower - motion.row) * way
        # Always in front of what it goes into.
        nearer = np.maximum(motion.disparity, target.disparity * 1.01)
        motion.disparity = nearer
        motion.height = motion.height * (1.0 - 0.45 * way * (target.height < 1.3 * motion.height))
        motion.height = motion.height * (1.0 - 0.55 * gone)
        motion.opacity = motion.opacity * (1.0 - gone)
        motion.ground = np.where(np.isnan(motion.ground), np.nan, motion.row)


def climb(r: Rehearsal, index: int) -> None:
    """Up the anchor or the target, or up and out of sight of the ground."""
    member = r.cast.members[index]
    goal = member.anchor if member.anchor is not None else member.target
    r.step(index, 0.8)
    for motion in r.motions[index]:
        if goal is not None and goal != index and r.motions[goal]:
            host = r.motions[goal][0]
            motion.x = host.x + 0.10 * host.width(r.view.aspect)
            motion.disparity = host.disparity * 1.01
            _, top, _, _ = r.view.safe(float(host.disparity[0]))
            motion.row = host.row - (0.05 + 0.55 * r.eased()) * host.height
            motion.row = np.maximum(motion.row, top + motion.height + 0.03)
        else:
            _, top, _, _ = r.view.safe(0.7)
            reach = max(float(motion.row[0] - motion.height[0]) - top - 0.03, 0.06)
            motion.row = motion.row - reach * r.eased()
        motion.ground = np.full(r.frames, np.nan)
        motion.row = motion.row - 0.012 * np.abs(r.wave(0.8))
        motion.rotation = motion.rotation + 0.10 * r.wave(0.8)


def ride(r: Rehearsal, index: int) -> None:
    """On the back of the target; whoever carries it does the moving."""
    member = r.cast.members[index]
    goal = member.target if member.target is not None else member.anchor
    if goal is None or goal == index:
        drive(r, index)
        return
    for motion in r.motions[index]:
        motion.row = motion.row - 0.01 * np.abs(r.wave(1.5))
        motion.rotation = motion.rotation + 0.03 * r.wave(1.5)


def carry(r: Rehearsal, index: int) -> None:
    """Move with somebody on the back, in the gait that it has."""
    gait = r.concepts[index].gait
    flies = any(m.action is Action.FLY and m.anchor == index for m in r.cast.members)
    if flies or gait in (Gait.GLIDE, Gait.FLAP):
        fly(r, index)
    elif gait in (Gait.SAIL, Gait.SWIM):
        sail(r, index)
    elif gait is Gait.DRIVE:
        drive(r, index)
    else:
        _go(r, index, share=0.8, rate=1.4, bounce=0.03)


def drift(r: Rehearsal, index: int) -> None:
    """Float in the air or on the water."""
    for number, motion in enumerate(r.motions[index]):
        motion.row = motion.row - 0.035 * r.wave(0.22, 0.3 * number)
        motion.x = motion.x + 0.03 * r.wave(0.11, 0.2 * number)
        motion.rotation = motion.rotation + 0.07 * r.wave(0.16, 0.4 * number)
