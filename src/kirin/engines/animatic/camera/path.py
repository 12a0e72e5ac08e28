"""The camera's path: a direction turned into one pose per frame."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from kirin.domain.camera import MOST_AMOUNT
from kirin.domain.cast import Heading
from kirin.domain.intent import HELD_ANGLES, Direction, Move, Speed, Step
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.camera.turn import travel_for

_Curve = NDArray[np.float64]
"""A value for each frame."""

_X, _Y, _ZOOM, _ROLL, _TRUCK_X, _TRUCK_Y, _DOLLY = range(7)
"""Axes of a path; zoom and dolly as natural logarithms, so that moves add up."""

PIVOT = 0.7
"""Disparity of what an orbit keeps centred: a subject in the nearer half of the scene."""

# Travel along each axis in five seconds at normal speed and guidance 0.5, in units of Pose.
_TRAVEL: dict[Move, dict[int, float]] = {
    Move.PUSH_IN: {_DOLLY: math.log(1.24), _ZOOM: math.log(1.06)},
    Move.ZOOM_IN: {_ZOOM: math.log(1.28)},
    Move.PAN_RIGHT: {_X: 0.20},
    Move.TILT_DOWN: {_Y: 0.18},
    Move.TRUCK_RIGHT: {_TRUCK_X: 0.26, _X: 0.04},
    Move.CRANE_DOWN: {_TRUCK_Y: 0.22, _Y: 0.03},
    Move.ORBIT_RIGHT: {_TRUCK_X: 0.30},
    Move.DOLLY_ZOOM: {_DOLLY: math.log(1.45)},
    Move.ROLL_CLOCKWISE: {_ROLL: math.radians(7.0)},
}
# Travel of a move that was asked for in numbers, at the amount 10 and whatever the shot's length.
# A translation does not turn the camera, and a rotation does not carry it along.
_FULL: dict[Move, dict[int, float]] = {
    Move.TRUCK_RIGHT: {_TRUCK_X: 0.38},
    Move.CRANE_DOWN: {_TRUCK_Y: 0.34},
    Move.PAN_RIGHT: {_X: 0.26},
    Move.TILT_DOWN: {_Y: 0.26},
    Move.ROLL_CLOCKWISE: {_ROLL: math.radians(20.0)},
    Move.ZOOM_IN: {_ZOOM: math.log(1.8)},
    Move.PUSH_IN: {_DOLLY: math.log(1.6)},
}
_REVERSED: dict[Move, Move] = {
    Move.PULL_OUT: Move.PUSH_IN,
    Move.ZOOM_OUT: Move.ZOOM_IN,
    Move.PAN_LEFT: Move.PAN_RIGHT,
    Move.TILT_UP: Move.TILT_DOWN,
    Move.TRUCK_LEFT: Move.TRUCK_RIGHT,
    Move.CRANE_UP: Move.CRANE_DOWN,
    Move.ORBIT_LEFT: Move.ORBIT_RIGHT,
    Move.ROLL_COUNTER: Move.ROLL_CLOCKWISE,
}
_PACE = {
    Speed.VERY_SLOW: 0.3,
    Speed.SLOW: 0.6,
    Speed.NORMAL: 1.0,
    Speed.FAST: 1.7,
    Speed.WHIP: 2.0,
}
_WHIP_SECONDS = 0.42
"""Length of a whip move; the camera rests before and after it."""
_DEEPEST = math.log(2.0)
"""Greatest dolly of a dolly zoom: the background halves."""

_FOLLOWING: dict[Heading | None, Move] = {
    Heading.LEFT: Move.TRUCK_LEFT,
    Heading.RIGHT: Move.TRUCK_RIGHT,
    Heading.AWAY: Move.PUSH_IN,
    Heading.TOWARDS: Move.PULL_OUT,
    Heading.UP: Move.CRANE_UP,
    Heading.DOWN: Move.CRANE_DOWN,
    None: Move.TRUCK_RIGHT,
}
"""How the camera keeps up with a subject, by the subject's heading."""
_FOLLOW_PACE = 0.6
_TRAVELS = frozenset(_FOLLOWING.values())

# Offsets for the whole shot. A high camera is raised and tilted down so far that what stands at
# the pivot stays where it is and the horizon rises.
_HELD: dict[Move, dict[int, float]] = {
    Move.DUTCH: {_ROLL: math.radians(10.0)},
    Move.HIGH_ANGLE: {_Y: 0.20, _TRUCK_Y: -0.20 / PIVOT},
    Move.LOW_ANGLE: {_Y: -0.12, _TRUCK_Y: 0.12 / PIVOT},
}

_RAMP = 0.3
"""Share of a move in which it accelerates, and again in which it slows down."""
_OVERLAP = 0.12
"""Overlap of consecutive moves as a share of their length, so that the camera does not stop
between them."""

# Handheld camera. A hand sways like a drunkard's walk: its spectrum falls with the frequency up to
# the physiological tremor, a faint bump from 6 to 10 Hz (Stiles 1976). Amplitudes in units of Pose,
# as the standard deviation.
_SWAY = {
    _X: 0.0042,
    _Y: 0.0048,
    _ROLL: math.radians(0.28),
    _TRUCK_X: 0.0035,
    _TRUCK_Y: 0.0045,
    _ZOOM: 0.0014,
}
_SWAY_HERTZ = (0.12, 3.2)
_SWAY_FALL = 1.1
"""Power of the frequency by which the amplitude of a tone falls: tones are spaced by octaves."""
_SWAY_TONES = 28
_TREMOR = {_X: 0.00022, _Y: 0.00028, _ROLL: math.radians(0.012)}
_TREMOR_HERTZ = (5.5, 9.5)
_TREMOR_TONES = 9
_BREATH = 0.0022
"""Amplitude of what breathing adds to the vertical sway, of the view's height."""
_BREATH_HERTZ = 0.27


def path(
    direction: Direction,
    frame_count: int,
    fps: Fraction | float,
    guidance: float = 0.5,
    seed: int = 0,
    *,
    pivot: float = PIVOT,
    heading: Heading | None = None,
) -> tuple[Pose, ...]:
    """Poses of the camera, one per frame.

    Moves ease in and out: position, speed and acceleration are continuous, also from one move
    to the next. Simultaneous moves add up. Pans and trucks are centred on the rest view; zoom
    and dolly are never below rest, so that a pull-out ends where a push-in begins; a roll begins
    level. A following camera trucks slowly along with its subject, unless it is told another
    travel at the same time. A held angle is added to all poses. A move with an amount goes as far
    as the amount says.

    Args:
        direction: the moves; without any, all poses are the rest view.
        frame_count: frames of the shot, 1 or more.
        fps: frames per second.
        guidance: 0 to 1: scales the motion from 0.5 to 1.5.
        seed: of the handheld camera's shake.
        pivot: disparity of the subject: an orbit keeps it centred, a dolly zoom keeps its size.
        heading: which way the subject moves that the camera follows, if known.
    """
    seconds = frame_count / float(fps)
    # The last frame is at time 1, so that the last move is complete.
    time = np.linspace(0.0, 1.0, frame_count) if frame_count > 1 else np.zeros(1)
    strength = 0.5 + min(1.0, max(0.0, guidance))
    axes = np.zeros((7, frame_count))
    for step in direction.steps:
        if step.move is Move.HANDHELD:
            _shake(axes, seconds * time, strength * _PACE[step.speed], seed)
        elif step.move is Move.FOLLOW:
            if not _is_led(step, direction.steps):
                move = _FOLLOWING[heading]
                _add(axes, time, replace(step, move=move), seconds, strength * _FOLLOW_PACE, pivot)
        elif step.move is not Move.STATIC and step.move not in HELD_ANGLES:
            _add(axes, time, step, seconds, strength, pivot)
    for row in (_X, _Y, _TRUCK_X, _TRUCK_Y):
        axes[row] -= (axes[row].max() + axes[row].min()) / 2
    for row in (_ZOOM, _DOLLY):
        axes[row] -= axes[row].min()
    for move in {step.move for step in direction.steps} & HELD_ANGLES:
        for row, offset in _HELD[move].items():
            axes[row] += offset
    zoom, dolly = np.exp(axes[_ZOOM]), np.expm1(axes[_DOLLY])
    return tuple(
        Pose(
            x=float(axes[_X, i]),
            y=float(axes[_Y, i]),
            zoom=float(zoom[i]),
            roll=float(axes[_ROLL, i]),
            truck_x=float(axes[_TRUCK_X, i]),
            truck_y=float(axes[_TRUCK_Y, i]),
            dolly=float(dolly[i]),
        )
        for i in range(frame_count)
    )


def _is_led(step: Step, steps: tuple[Step, ...]) -> bool:
    """Whether another step tells where the camera travels during this one."""
    return any(
        other.move in _TRAVELS and other.start < step.end and step.start < other.end
        for other in steps
    )


def _add(
    axes: _Curve, time: _Curve, step: Step, seconds: float, strength: float, pivot: float
) -> None:
    """Add one move to the path."""
    start, end = _span(step, seconds)
    eased = _ease((time - start) / (end - start))
    sign = -1.0 if step.move in _REVERSED else 1.0
    move = _REVERSED.get(step.move, step.move)
    if step.amount is not None:
        for row, travel in _FULL[move].items():
            axes[row] += sign * travel * step.amount / MOST_AMOUNT * eased
        return
    if step.speed is Speed.WHIP:
        scale = strength * _PACE[step.speed]
    else:
        scale = strength * _PACE[step.speed] * _reach((end - start) * seconds)
    travels = {row: scale * travel for row, travel in _TRAVEL[move].items()}
    if step.degrees is not None and (told := travel_for(step, pivot)) is not None:
        first = next(iter(travels))
        travels = {row: told * travel / travels[first] for row, travel in travels.items()}
    if move is Move.DOLLY_ZOOM:
        _dolly_zoom(axes, eased * min(travels[_DOLLY], _DEEPEST), pivot)
        return
    if move is Move.ORBIT_RIGHT:
        travels[_X] = -pivot * travels[_TRUCK_X]
    for row, travel in travels.items():
        axes[row] += sign * travel * eased


def _span(step: Step, seconds: float) -> tuple[float, float]:
    """Begin and end of a move: consecutive ones overlap, a whip is short."""
    length = step.end - step.start
    if step.speed is Speed.WHIP and length * seconds > _WHIP_SECONDS:
        middle, half = (step.start + step.end) / 2, _WHIP_SECONDS / seconds / 2
        return middle - half, middle + half
    return max(0.0, step.start - _OVERLAP * length), min(1.0, step.end + _OVERLAP * length)


def _dolly_zoom(axes: _Curve, dolly: _Curve, pivot: float) -> None:
    """Add a dolly, and the zoom that keeps the size of what has the pivot's disparity."""
    axes[_DOLLY] += dolly
    axes[_ZOOM] -= np.log1p(np.expm1(dolly) * pivot)


def _ease(share: _Curve) -> _Curve:
    """As :func:`kirin.vision.easing.ease` with a ramp of :data:`_RAMP`."""
    u = np.clip(share, 0.0, 1.0)
    rising = np.minimum(u, 1.0 - u) / _RAMP
    ramp = _RAMP * (rising**3 - rising**4 / 2)
    half = np.where(rising < 1.0, ramp, _RAMP / 2 + np.minimum(u, 1.0 - u) - _RAMP)
    covered = half / (1.0 - _RAMP)
    return np.where(u <= 0.5, covered, 1.0 - covered)


def _reach(seconds: float) -> float:
    """Distance relative to a five-second move: it saturates below twice as far."""
    settle = 6.0
    return math.expm1(-seconds / settle) / math.expm1(-5.0 / settle)


def _shake(axes: _Curve, seconds: _Curve, strength: float, seed: int) -> None:
    """Add the sway, the breath and the tremor of a hand that holds the camera.

    Each is a sum of many tones of random frequency, phase and amplitude, which is noise of the
    spectrum that they have together: it never repeats, and does not depend on the frame rate.
    """
    chance = random.Random(seed)  # noqa: S311  # not a secret
    for row, deviation in _SWAY.items():
        sway = _noise(chance, seconds, _SWAY_HERTZ, _SWAY_TONES, _SWAY_FALL)
        axes[row] += deviation * strength * sway
    # Breaths differ in length and depth: the phase wanders, and the depth with it.
    wander = _noise(chance, seconds, (0.03, 0.15), 8, 1.0)
    turn = 2 * math.pi * (_BREATH_HERTZ * seconds + chance.random()) + wander
    axes[_Y] += _BREATH * strength * np.sin(turn) * (1 + 0.25 * wander)
    for row, deviation in _TREMOR.items():
        tremor = _noise(chance, seconds, _TREMOR_HERTZ, _TREMOR_TONES, 0.0)
        axes[row] += deviation * strength * tremor


def _noise(
    chance: random.Random, seconds: _Curve, hertz: tuple[float, float], tones: int, fall: float
) -> _Curve:
    """Noise of standard deviation 1 in a band, whose tones fall with a power of the frequency."""
    low, octaves = hertz[0], math.log2(hertz[1] / hertz[0])
    total, power = np.zeros_like(seconds), 0.0
    for tone in range(tones):
        rate = low * 2 ** (octaves * (tone + chance.random()) / tones)
        height = (low / rate) ** fall * math.sqrt(chance.expovariate(1.0))
        power += (low / rate) ** (2 * fall) / 2
        phase = chance.uniform(0, 2 * math.pi)
        total += height * np.sin(2 * math.pi * rate * seconds + phase)
    return total / math.sqrt(power)


def held_angle(direction: Direction) -> Pose:
    """The offset that the held angles of a direction add to all poses of its path."""
    axes = np.zeros(7)
    for move in {step.move for step in direction.steps} & HELD_ANGLES:
        for row, offset in _HELD[move].items():
            axes[row] += offset
    x, y, _, roll, truck_x, truck_y, _ = axes.tolist()
    return Pose(x=x, y=y, roll=roll, truck_x=truck_x, truck_y=truck_y)
