"""Holds: the place of a cast member on another one, under it, in its hand."""

from __future__ import annotations

import math

import numpy as np

from kirin.concepts.concept import Concept, Facing, Gait, Kind
from kirin.engines.animatic.cast.costume import Build, tables
from kirin.engines.animatic.cast.dressing import PICTURES
from kirin.engines.animatic.cast.hosting import FACEWEAR, Grip, is_seat
from kirin.engines.animatic.cast.marks import Viewfinder
from kirin.engines.animatic.cast.motion import Motion
from kirin.engines.animatic.cast.sizes import LEAST

# Height of a surface that carries something, in heights of the art.
_SEAT = {Kind.ANIMAL: 0.62, Kind.VEHICLE: 0.72, Kind.PERSON: 0.95, Kind.SKY: 0.95}
_RIDDEN = {Gait.DRIVE: 0.46, Gait.SAIL: 0.40, Gait.GLIDE: 0.70}
_TOPS = {"flying-saucer": 0.8, "crescent-moon": 0.5, "first-quarter-moon": 0.5}
_DISHES = frozenset({"fork-and-knife-with-plate"})

_ON_SKY = 0.5  # height of whoever is on the moon, in heights of the moon
_SUBJECT = 0.2  # view heights: the subject of the shot is no smaller
_HIPS = 0.30  # height of a seated figure's hips, in heights of the figure

# Where the eyes are, in heights of the art from its top: from the front, of a bust, from the side.
_EYES = {Kind.PERSON: 0.17, Kind.ANIMAL: 0.28}
_EYES_BUST = 0.45
_EYES_SIDE = 0.27
_LONG_NECKS = {
    "giraffe": 0.12,
    "camel": 0.12,
    "llama": 0.12,
    "swan": 0.12,
    "horse": 0.14,
    "deer": 0.16,
}
_AROUND = (0.31, 0.38)  # height of headphones, in heights of whoever wears them: least and most

# Height of what is held, in heights of its host: least and most.
_SHARES = {
    Grip.ON: (0.24, 0.85),
    Grip.IN: (0.35, 0.80),
    Grip.UNDER: (0.24, 0.62),
    Grip.OVER: (0.24, 0.9),
    Grip.BEHIND: (0.5, 1.3),
    Grip.FRONT: (0.4, 1.1),
    Grip.HAND: (0.20, 0.42),
    Grip.HEAD: (0.20, 0.34),
    Grip.FACE: (0.18, 0.27),
    Grip.MOUTH: (0.16, 0.30),
    Grip.LAP: (0.28, 0.40),
    Grip.RIDE: (0.62, 1.0),
    Grip.SHELTER: (0.62, 0.62),
    Grip.EASEL: (0.46, 0.62),
    Grip.COCKPIT: (0.34, 0.5),
    Grip.FILLED: (0.18, 0.26),
    Grip.ABLAZE: (0.55, 0.8),
}


def facing(motion: Motion) -> float:
    """Which way it looks at the start: -1 left, 1 right."""
    return 1.0 if motion.heading[0] >= 0 else -1.0


def attach(motion: Motion, host: Motion, hold: Grip, theirs: Concept, view: Viewfinder) -> None:
    """Give a motion its place relative to its host, at every frame.

    Args:
        motion, host: whose place it is, and who gives it.
        hold: how.
        theirs: the host's concept.
        view: that it is composed for.
    """
    least, most = _AROUND if motion.costume.art == "headphone" else _SHARES[hold]
    if hold is Grip.ON and theirs.kind is Kind.SKY:
        least = _ON_SKY
    if is_seat(theirs):
        least, most = 0.3, 1.5
    elif hold is Grip.ON and motion.member == 0:
        most = 1.3
    if hold is Grip.OVER and theirs.kind is Kind.BUILDING:
        least = 0.5
    power = 0.75 if hold is Grip.HAND else 0.5
    ratio = min(max((motion.costume.metres / host.costume.metres) ** power, least), most)
    side = float(host.height[0] * max(host.costume.aspect, 1.0) ** 0.5) * ratio
    if host.costume.build is Build.LEVEL:
        side = float(host.height[0]) * host.costume.aspect * max(ratio, 0.7)
    side = max(side, LEAST if motion.member else _SUBJECT)
    motion.height = host.height / host.height[0] * side / max(motion.costume.aspect, 1.0)
    motion.disparity = host.disparity * (1.002 + 0.001 * motion.instance)
    motion.ground = np.full_like(host.x, np.nan)
    motion.sink = np.zeros_like(host.x)
    _PLACES[hold](motion, host, theirs, view)


def _across(motion: Motion, host: Motion, share: float, aspect: float) -> None:
    """Beside the middle of the host, in shares of its width; instances spread."""
    spread = 0.34 * ((motion.instance + 1) // 2) * (-1.0 if motion.instance % 2 else 1.0)
    motion.x = host.x + (share + spread) * host.width(aspect)


def _on(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    if is_seat(theirs):
        _seat(motion, host, theirs, view)
        return
    if theirs.id in _DISHES:
        # A plate is seen from above.
        motion.row = host.row - 0.5 * host.height + 0.5 * motion.height
        _across(motion, host, 0.0, view.aspect)
        return
    seat = _TOPS.get(theirs.id, _SEAT.get(theirs.kind, 0.94))
    motion.row = host.row - seat * host.height * host.squash
    motion.ground = motion.row.copy()
    _across(motion, host, 0.0, view.aspect)


def _seat(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    """On a seat: the hips at its height, the feet before it; what lies is as long as it."""
    level = host.row - float(tables()["seats"][theirs.id]) * host.height
    share = -0.14 if theirs.id == "couch-and-lamp" else 0.0
    if motion.costume.art == "person-in-bed" and theirs.id == "bed":
        # The art has a bed of its own.
        motion.height = host.height * theirs.aspect / motion.costume.aspect
        motion.row, motion.ground = host.row.copy(), host.ground.copy()
        _across(motion, host, 0.0, view.aspect)
        return
    hips = _HIPS * motion.height if motion.costume.build is Build.SEATED else 0.0
    motion.row = np.minimum(level + hips, host.row + 0.01)
    motion.ground = motion.row.copy()
    _across(motion, host, share, view.aspect)


def _in(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    if theirs.kind is Kind.BUILDING or theirs.id == "door":
        # In the doorway.
        motion.row = host.row + 0.012
        motion.ground = motion.row.copy()
        _across(motion, host, 0.0, view.aspect)
        return
    if theirs.id in PICTURES:
        # A portrait that ends at the lower edge of the frame.
        motion.height = 0.56 * host.height / max(motion.costume.aspect, 1.0)
        motion.row = host.row - 0.16 * host.height
        _across(motion, host, 0.0, view.aspect)
        return
    if is_seat(theirs):
        _seat(motion, host, theirs, view)
        return
    deep = 0.5 if theirs.kind is not Kind.VEHICLE else 0.42
    motion.row = host.top() + deep * motion.height
    motion.disparity = host.disparity * 0.998
    _across(motion, host, 0.0, view.aspect)


def _under(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    aloft = theirs.kind is Kind.SKY or math.isnan(float(host.ground[0]))
    if aloft:
        far = min(max(0.62, view.ground.back), view.ground.front)
        motion.disparity = np.full_like(host.x, far)
        motion.row = np.full_like(host.x, view.ground.row(far))
        motion.row = np.maximum(motion.row, host.row + 1.05 * motion.height)
    else:
        motion.row = host.row + 0.02
        motion.disparity = host.disparity * 1.06
    motion.ground = motion.row.copy()
    _across(motion, host, 0.14, view.aspect)


def _over(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    del theirs
    motion.row = host.top() - 0.05
    _, top, _, _ = view.safe(float(host.disparity[0]))
    top = max(top, view.ground.ceiling)
    motion.row = np.maximum(motion.row, top + motion.height + 0.02)
    _across(motion, host, 0.0, view.aspect)


def _behind(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    del theirs
    motion.disparity = host.disparity * 0.84
    motion.row = host.row - 0.16 * (0.5 - view.ground.horizon) * host.disparity
    motion.ground = motion.row.copy()
    own = float(motion.width(view.aspect)[0] / host.width(view.aspect)[0])
    _across(motion, host, -(0.48 + 0.12 * own) * facing(host), view.aspect)


def _front(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    far = np.minimum(host.disparity * 1.18, max(view.ground.front, float(host.disparity[0])) + 0.03)
    motion.row = host.row + (0.5 - view.ground.horizon) * (far - host.disparity)
    motion.disparity = far
    motion.ground = motion.row.copy()
    _across(motion, host, 0.38 if theirs.kind is not Kind.BUILDING else 0.22, view.aspect)


def _hand(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    down = 0.36 if theirs.kind is Kind.PERSON else 0.42
    motion.row = host.row - down * host.height + 0.4 * motion.height
    _across(motion, host, 0.46 * facing(host), view.aspect)


def _head(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    front = host.costume.facing is Facing.FRONT or theirs.kind is Kind.PERSON
    # The highest point of an animal seen from the side is often its tail.
    low = 0.0 if front else 0.10
    motion.row = host.top() + 0.36 * motion.height + low * host.height
    _across(motion, host, 0.0 if front else 0.33 * facing(host), view.aspect)


def _face(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    """Before the eyes, or around the head at their height."""
    front = host.costume.facing is Facing.FRONT or theirs.kind is Kind.PERSON
    eyes = _LONG_NECKS.get(theirs.id, _EYES_SIDE)
    if front:
        eyes = _EYES_BUST if host.costume.cut else _EYES.get(theirs.kind, _EYES_SIDE)
    above = FACEWEAR.get(motion.costume.art, 0.5)
    motion.row = host.top() + eyes * host.height + (1.0 - above) * motion.height
    _across(motion, host, 0.0 if front else 0.32 * facing(host), view.aspect)


def _mouth(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    person = theirs.kind is Kind.PERSON
    front = host.costume.facing is Facing.FRONT
    mouth = 0.70 if person else 0.60 if front else 0.56
    # Before a face that looks at us it is held lower, so that it covers no eyes.
    held = 0.95 if front and not person else 0.5
    motion.row = host.row - mouth * host.height + held * motion.height
    share = (0.36 if person else 0.20 if front else 0.56) * facing(host)
    # Several make a bunch.
    around = 0.35 * ((motion.instance + 1) // 2) * (-1.0 if motion.instance % 2 else 1.0)
    motion.x = host.x + share * host.width(view.aspect) + around * motion.width(view.aspect)


def _lap(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    del theirs
    motion.row = host.row - 0.50 * host.height + 0.5 * motion.height
    front = host.costume.facing is Facing.FRONT
    _across(motion, host, (0.10 if front else 0.40) * facing(host), view.aspect)


def _shelter(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    del theirs
    motion.row = host.row - 0.58 * host.height
    motion.disparity = host.disparity * 0.999
    _across(motion, host, 0.10 * facing(host), view.aspect)


def _ride(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    seat = _RIDDEN.get(theirs.gait, 0.56)
    if host.costume.build is Build.LEVEL:
        # On its deck.
        seat = 0.7
    elif motion.costume.build is Build.SEATED:
        seat = seat + 0.14 - _HIPS * float(motion.height[0] / host.height[0])
    elif motion.costume.aspect < 0.75:
        # Astride: the legs are hidden by the body of the mount.
        seat -= 0.30 * float(motion.height[0] / host.height[0])
    motion.row = host.row - seat * host.height * host.squash
    motion.heading = host.heading.copy()
    motion.disparity = host.disparity * 0.999
    _across(motion, host, -0.04 * facing(host), view.aspect)


def _easel(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    """A canvas at the height of the hands, beside its painter."""
    del theirs
    motion.row = host.row - 0.30 * host.height
    motion.disparity = host.disparity * 1.004
    away = 0.5 * host.width(view.aspect) + 0.62 * motion.width(view.aspect)
    motion.x = host.x + facing(host) * away


def _cockpit(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    """The head and the shoulders above the hull."""
    del theirs
    motion.row = host.top() + 0.86 * motion.height
    motion.heading = host.heading.copy()
    motion.disparity = host.disparity * 0.998
    _across(motion, host, 0.12 * facing(host), view.aspect)


def _filled(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    """A vessel below the hand of whoever pours."""
    person = theirs.kind is Kind.PERSON
    motion.row = host.row - (0.26 if person else 0.1) * host.height
    motion.disparity = host.disparity * 1.01
    away = 0.5 * host.width(view.aspect) + 1.35 * motion.width(view.aspect)
    motion.x = host.x + facing(host) * away


def _ablaze(motion: Motion, host: Motion, theirs: Concept, view: Viewfinder) -> None:
    """Flames that lick up the front of their host."""
    del theirs
    motion.row = host.row - 0.10 * host.height
    motion.disparity = host.disparity * 1.006
    _across(motion, host, 0.0, view.aspect)


_PLACES = {
    Grip.ON: _on,
    Grip.IN: _in,
    Grip.UNDER: _under,
    Grip.OVER: _over,
    Grip.BEHIND: _behind,
    Grip.FRONT: _front,
    Grip.HAND: _hand,
    Grip.HEAD: _head,
    Grip.FACE: _face,
    Grip.MOUTH: _mouth,
    Grip.LAP: _lap,
    Grip.RIDE: _ride,
    Grip.SHELTER: _shelter,
    Grip.EASEL: _easel,
    Grip.COCKPIT: _cockpit,
    Grip.FILLED: _filled,
    Grip.ABLAZE: _ablaze,
}
