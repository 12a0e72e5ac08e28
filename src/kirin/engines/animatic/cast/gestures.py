"""Actions that a performer does in its place."""

from __future__ import annotations

import numpy as np

from kirin.concepts.concept import Facing, Gait, Kind
from kirin.engines.animatic.cast import effects
from kirin.engines.animatic.cast.costume import prop
from kirin.engines.animatic.cast.motion import Curve, Motion
from kirin.engines.animatic.cast.rehearsal import Rehearsal


def _target(r: Rehearsal, index: int) -> list[Motion]:
    goal = r.cast.members[index].target
    return r.motions[goal] if goal is not None and goal != index else []


def _nod(r: Rehearsal, motion: Motion, hertz: float, depth: float) -> None:
    """Bend towards where it looks, again and again."""
    side = 1.0 if motion.heading[0] >= 0 else -1.0
    motion.rotation = motion.rotation + side * depth * (0.5 + 0.5 * r.wave(hertz))


def _beside(r: Rehearsal, prop_: Motion, host: Motion, share: float) -> None:
    """Put a prop next to its host, with a share of its own width between."""
    side = 1.0 if host.heading[0] >= 0 else -1.0
    aspect = r.view.aspect
    prop_.x = host.x + side * (0.5 * host.width(aspect) + share * prop_.width(aspect))


def dance(r: Rehearsal, index: int) -> None:
    """To a beat: bounce, sway, turn."""
    for number, motion in enumerate(r.motions[index]):
        beat = 0.13 * number
        rise, squash = r.hop(1.9, beat)
        motion.row = motion.row - 0.08 * motion.height * rise
        motion.squash = motion.squash * squash
        motion.x = motion.x + 0.022 * r.wave(0.475, beat)
        motion.rotation = motion.rotation + 0.12 * r.wave(0.95, beat)
        motion.phase, motion.stride = r.seconds * 0.95 + beat, np.full(r.frames, 0.7)
        if motion.costume.facing is not Facing.FRONT:
            motion.heading = motion.heading * np.clip(2.6 * r.wave(0.2375, beat + 0.2), -1, 1)


def spin(r: Rehearsal, index: int) -> None:
    """Turn: figures about the vertical, things about their middle."""
    upright = r.concepts[index].kind in (Kind.PERSON, Kind.ANIMAL)
    for motion in r.motions[index]:
        if upright:
            turn = 0.7 * r.pace * r.seconds
            motion.heading = motion.heading * np.cos(2 * np.pi * turn)
            motion.row = motion.row - 0.02 * np.abs(r.wave(0.7))
        else:
            motion.rotation = motion.rotation + 2 * np.pi * 0.45 * r.pace * r.seconds


def wave(r: Rehearsal, index: int) -> None:
    """A hand beside the head, and a little sway."""
    for motion in r.motions[index]:
        motion.rotation = motion.rotation + 0.05 * r.wave(0.8)
        side = 0.50 if motion.costume.facing is Facing.FRONT else 0.38
        hand = r.hold(("waving-hand", "raised-hand"), motion, side, 0.30, 0.26)
        if hand:
            _beside(r, hand, motion, 0.30 if motion.costume.facing is Facing.FRONT else -0.1)
            hand.rotation = 0.42 * r.wave(1.6)


def look(r: Rehearsal, index: int) -> None:
    """Turn to the target, or look around."""
    goal = _target(r, index)
    for number, motion in enumerate(r.motions[index]):
        if goal:
            away = goal[0].x - motion.x
            motion.heading = np.where(np.abs(away) > 0.02, np.sign(away), motion.heading)
            above = np.clip((motion.middle() - goal[0].middle()) / 0.5, -1, 1)
            motion.rotation = motion.rotation - 0.12 * np.sign(away) * above * r.eased(0.05, 0.4)
        elif motion.costume.facing is Facing.FRONT:
            motion.rotation = motion.rotation + 0.10 * r.wave(0.22, 0.2 * number)
            motion.x = motion.x + 0.008 * r.wave(0.22, 0.2 * number)
        else:
            # Look back once, and forth again.
            back = r.eased(0.35, 0.42) - r.eased(0.68, 0.75)
            motion.heading = motion.heading * (1.0 - 2.0 * back)
        motion.squash = motion.squash * (1.0 + 0.012 * r.wave(0.3))


def _meal(r: Rehearsal, index: int, names: tuple[str, ...], tilt: float) -> None:
    hosts, food = r.motions[index], _target(r, index)
    for motion in hosts:
        _nod(r, motion, 1.1, 0.09)
        motion.squash = motion.squash * (1.0 + 0.014 * r.wave(1.1))
    if not food:
        front = hosts[0].costume.facing is Facing.FRONT
        across, down = (0.42, 0.34) if front else (0.50, 0.52)
        held = r.hold(names, hosts[0], across, down, 0.24)
        food = [held] if held else []
    served = [(motion, hosts[0]) for motion in food]
    if len(food) == 1:
        served += [(_served(r, food[0], hosts[0], host), host) for host in hosts[1:]]
    for motion, host in served:
        side = 1.0 if host.heading[0] >= 0 else -1.0
        bite = 0.5 + 0.5 * r.wave(0.55)
        if tilt == 0:
            motion.height = motion.height * _bitten(r)
        motion.x = motion.x - side * 0.10 * bite * host.width(r.view.aspect)
        motion.row = motion.row - 0.03 * host.height * bite
        motion.rotation = motion.rotation - side * (tilt + 0.12) * bite
        motion.ground = np.full(r.frames, np.nan)


def _served(r: Rehearsal, food: Motion, first: Motion, host: Motion) -> Motion:
    """The same meal for another one, who holds it as the first one does."""
    own = r.add(food.costume, host)
    size = host.height / first.height
    mirrored = np.where(host.heading * first.heading < 0, -1.0, 1.0)
    own.height = food.height * size
    own.x = host.x + (food.x - first.x) * size * mirrored
    own.row = host.row + (food.row - first.row) * size
    own.heading = food.heading * mirrored
    return own


def _bitten(r: Rehearsal) -> Curve:
    """What is left of a meal, as a factor of its size: less with every bite."""
    turn = 0.55 * r.pace * r.seconds + 0.25
    bites = np.floor(turn) + np.clip((turn % 1.0) / 0.2, 0.0, 1.0)
    return np.asarray(1.0 - 0.55 * np.clip(bites / max(float(bites[-1]), 3.0), 0.0, 1.0))


def eat(r: Rehearsal, index: int) -> None:
    """Bite by bite: what is eaten gets less."""
    _meal(r, index, ("green-salad", "red-apple"), 0.0)


def drink(r: Rehearsal, index: int) -> None:
    """Raise and tilt a cup."""
    _meal(r, index, ("cup-with-straw", "hot-beverage"), 0.55)


def cook(r: Rehearsal, index: int) -> None:
    """A pan that is shaken, and steam."""
    for motion in r.motions[index][:1]:
        _nod(r, motion, 0.9, 0.05)
        pans = _target(r, index)
        if not pans:
            pan = r.hold(
                ("cooking", "shallow-pan-of-food", "pot-of-food"), motion, 0.34, 0.60, 0.42
            )
            pans = [pan] if pan else []
        for pan in pans:
            pan.row = pan.row - 0.03 * motion.height * np.abs(r.wave(0.9))
            pan.rotation = pan.rotation + 0.08 * r.wave(0.9)
            effects.steam(r, pan)


def read(r: Rehearsal, index: int) -> None:
    """A book before it, and eyes that follow the lines."""
    host = r.motions[index][0]
    host.rotation = host.rotation + 0.035 * r.wave(0.35)
    book = _target(r, index)
    if not book:
        held = r.hold(("open-book",), host, 0.10, 0.62, 0.40)
        book = [held] if held else []
    for motion in book:
        motion.row = motion.row - 0.008 * r.wave(0.35)
        # A page is turned now and then.
        turn = (r.seconds * 0.4 * r.pace) % 1.0
        motion.squash = motion.squash * (1.0 + 0.05 * np.exp(-(((turn - 0.5) / 0.08) ** 2)))


def write(r: Rehearsal, index: int) -> None:
    """A pen that runs over paper."""
    host = r.motions[index][0]
    _nod(r, host, 0.4, 0.04)
    paper = _target(r, index)
    if not paper:
        held = r.hold(("page-facing-up", "memo"), host, 0.18, 0.64, 0.36)
        paper = [held] if held else []
    pen = r.hold(("pen", "pencil"), host, 0.3, 0.6, 0.24)
    if pen and paper:
        line = (r.seconds * 0.6 * r.pace) % 1.0
        wide = paper[0].width(r.view.aspect)
        pen.x = paper[0].x + wide * (0.5 * line - 0.15)
        pen.row = paper[0].row - paper[0].height * (0.50 - 0.04 * r.wave(3.0))
        pen.disparity = paper[0].disparity * 1.01


def play(r: Rehearsal, index: int) -> None:
    """An instrument with notes; a ball or a toy that bounces; else a lively hop."""
    goal = _target(r, index)
    host = r.motions[index][0]
    for motion in r.motions[index]:
        motion.rotation = motion.rotation + 0.06 * r.wave(1.1)
        motion.row = motion.row - 0.025 * motion.height * np.abs(r.wave(1.1))
    number = r.cast.members[index].target
    ball = number is not None and r.concepts[number].gait is Gait.ROLL
    if goal and ball:
        for motion in goal:
            motion.x = motion.x + 0.5 * host.width(r.view.aspect) * np.sign(
                motion.x - host.x + 1e-6
            )
            motion.row = host.row - 0.35 * host.height * np.abs(r.wave(0.9))
            motion.rotation = 6.0 * r.share
        return
    if not goal:
        for order, motion in enumerate(r.motions[index]):
            rise, squash = r.hop(1.1, 0.37 * order)
            motion.row = motion.row - 0.16 * motion.height * rise
            motion.squash = motion.squash * squash
        if r.concepts[index].kind is Kind.PERSON:
            _ball_game(r, r.motions[index])
        return
    for motion in goal:
        motion.rotation = motion.rotation + 0.07 * r.wave(2.2)
    effects.rising(r, host, "musical-notes", 3, 0.24)


def _ball_game(r: Rehearsal, players: list[Motion]) -> None:
    """A ball that flies to and fro between the first and the last, or bounces before the one."""
    first, last = players[0], players[-1]
    ball = r.hold(("soccer-ball",), first, 0.0, 0.5, 0.17)
    if ball is None:
        return
    turn = (0.45 * r.pace * r.seconds) % 1.0
    share = 0.5 - 0.5 * np.cos(2 * np.pi * turn)
    if first is last:
        share = np.zeros(r.frames)
    arc = np.abs(r.wave(0.9)) if first is not last else np.abs(r.wave(0.7))
    ball.x = first.x + 0.04 + (last.x - first.x - 0.08) * share
    if first is last:
        ball.x = first.x + 0.7 * first.width(r.view.aspect)
    ball.row = np.maximum(first.row, last.row) - 0.35 * first.height * arc
    ball.disparity = np.maximum(first.disparity, last.disparity) * 1.01
    ball.ground = np.maximum(first.ground, last.ground)
    ball.rotation = 9.0 * r.share


def sing(r: Rehearsal, index: int) -> None:
    """Notes, and breath."""
    for motion in r.motions[index]:
        motion.squash = motion.squash * (1.0 + 0.03 * r.wave(0.9))
        motion.rotation = motion.rotation + 0.05 * r.wave(0.45)
        effects.rising(r, motion, "musical-notes", 3, 0.26)


def talk(r: Rehearsal, index: int) -> None:
    """A balloon beside the head, and the head's own nods."""
    for number, motion in enumerate(r.motions[index]):
        shift = 0.4 * number + 0.5 * (index % 2)
        motion.squash = motion.squash * (1.0 + 0.018 * r.wave(2.3, shift))
        _nod(r, motion, 0.8, 0.05)
        balloon = r.hold(("speech-balloon",), motion, 0.52, 0.02, 0.34)
        if balloon:
            _beside(r, balloon, motion, 0.42)
            # Speakers take turns.
            turn = 0.5 + 0.5 * np.clip(3.0 * r.wave(0.22, shift), -1, 1)
            balloon.opacity = balloon.opacity * turn
            balloon.height = balloon.height * (0.8 + 0.2 * turn) * (1 + 0.04 * r.wave(2.3))
            _, top, _, _ = r.view.safe(float(balloon.disparity[0]))
            balloon.row = np.maximum(balloon.row, top + 0.02 + balloon.height)


def fight(r: Rehearsal, index: int) -> None:
    """Lunge at each other, with a burst where they meet."""
    goal = _target(r, index)
    group = r.motions[index]
    rivals = goal or group[1:]
    first = group[0]
    if not rivals:
        for motion in group:
            side = 1.0 if motion.heading[0] >= 0 else -1.0
            motion.x = motion.x + 0.04 * side * np.maximum(r.wave(0.9), 0) ** 2
            motion.rotation = motion.rotation + 0.16 * side * r.wave(0.9)
        return
    rival = rivals[0]
    side = 1.0 if rival.x[0] >= first.x[0] else -1.0
    apart = np.abs(rival.x - first.x)
    touch = 0.42 * (first.width(r.view.aspect) + rival.width(r.view.aspect))
    hit = np.maximum(r.wave(0.7), 0.0) ** 2
    gap = np.maximum(apart - touch, 0.02)
    for motion, sign, share in ((first, side, 0.55), (rival, -side, 0.45)):
        motion.heading[:] = sign
        motion.x = motion.x + sign * gap * (0.35 + 0.65 * hit) * share
        motion.rotation = motion.rotation + 0.22 * sign * (hit - 0.3)
        motion.row = motion.row - 0.06 * motion.height * hit
    burst = r.add(prop("collision", flat=True), first)
    burst.x = (first.x + rival.x) / 2
    burst.height = 0.42 * first.height * (0.5 + 0.5 * hit) + 0.001
    burst.row = (first.middle() + rival.middle()) / 2 + burst.height / 2
    burst.disparity = np.maximum(first.disparity, rival.disparity) * 1.01
    burst.opacity = np.clip((hit - 0.45) / 0.3, 0, 1)
    burst.rotation = 0.5 * r.wave(0.35)


def throw(r: Rehearsal, index: int) -> None:
    """What is thrown flies away in an arc."""
    _toss(r, index, comes=False)


def catch(r: Rehearsal, index: int) -> None:
    """What is caught comes in an arc."""
    _toss(r, index, comes=True)


def _toss(r: Rehearsal, index: int, comes: bool) -> None:
    host, thing = r.motions[index][0], _target(r, index)
    side = 1.0 if host.heading[0] >= 0 else -1.0
    partner = _partner(r, index)
    if partner:
        side = 1.0 if partner.x[0] >= host.x[0] else -1.0
    elif host.costume.facing is Facing.FRONT:
        side = -1.0 if host.x[0] > 0 else 1.0
    if not thing:
        ball = r.hold(("baseball", "soccer-ball"), host, 0.4, 0.35, 0.2)
        thing = [ball] if ball else []
    for motion in thing:
        share = r.eased(0.05, 0.70) if comes else r.eased(0.30, 0.98) ** 0.9
        if comes:
            share = 1.0 - share
        hand_x = host.x + 0.42 * side * host.width(r.view.aspect)
        hand_row = host.top() + 0.42 * host.height + motion.height / 2
        left, top, right, _ = r.view.safe(float(host.disparity[0]))
        half = 0.55 * motion.width(r.view.aspect)
        end: Curve | float = right - half if side > 0 else left + half
        low = np.minimum(host.row - 0.2 * host.height, hand_row + 0.1)
        if partner:
            end = partner.x - 0.42 * side * partner.width(r.view.aspect)
            low = partner.middle() + motion.height / 2
        arc = 4 * share * (1 - share)
        lift = np.minimum(0.30, np.maximum(hand_row - motion.height - top - 0.03, 0.03))
        motion.x = hand_x + (end - hand_x) * share
        motion.row = hand_row + (low - hand_row) * share**2 - lift * arc
        motion.rotation = side * 8.0 * share
        motion.ground = np.full(r.frames, np.nan)
        motion.disparity = host.disparity * 1.01
    swing = r.eased(0.18, 0.32) - r.eased(0.36, 0.6)
    host.rotation = host.rotation + side * 0.16 * swing


def _partner(r: Rehearsal, index: int) -> Motion | None:
    """Somebody else on the ground, to throw to or to catch from."""
    for other, group in enumerate(r.motions):
        if other != index and r.is_living(other) and group:
            return group[0]
    return None


def open_up(r: Rehearsal, index: int) -> None:
    """Wider and lighter."""
    _hinge(r, index, r.eased(0.12, 0.75))


def close_up(r: Rehearsal, index: int) -> None:
    """Narrower and darker."""
    _hinge(r, index, 1.0 - r.eased(0.12, 0.75))


def _hinge(r: Rehearsal, index: int, share: np.ndarray) -> None:
    for motion in r.motions[index]:
        motion.squash = motion.squash * (1.0 - 0.24 * (share - 0.5))
        if r.concepts[index].kind is not Kind.PLANT:
            light = effects.halo(r, motion, 0.75)
            light.opacity = light.opacity * share
        motion.height = motion.height * (0.92 + 0.12 * share)


def shake(r: Rehearsal, index: int) -> None:
    """Tremble."""
    for number, motion in enumerate(r.motions[index]):
        motion.x = motion.x + 0.006 * r.wave(7.0, 0.3 * number)
        motion.rotation = motion.rotation + 0.045 * r.wave(5.6, 0.2 + 0.3 * number)
