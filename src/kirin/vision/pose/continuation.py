"""Continuing a driver's movement while the video's border cuts it off.

Of a leg that is outside of the picture the network invents the joints. Whoever walks out of the
picture is better supposed to walk on: the last cycle of the movement is repeated. Where there is
no cycle, the last certain posture is held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kirin.vision.pose.skeleton import Node, Skeleton, Values

_LEGS = (Node.LEFT_KNEE, Node.LEFT_ANKLE, Node.RIGHT_KNEE, Node.RIGHT_ANKLE)
_KNOWN = 0.3  # least median visibility of nodes that count
_BORDER = 0.02  # of the video's width: nearer to its sides, a joint is cut off
_LONGEST = 0.4  # share of the frames that is continued at either end
_MOSTLY = 0.5  # share of cut frames from which those between them are uncertain too
_CYCLES = (0.5, 1.6)  # seconds that a cycle of steps takes
_ALIKE = 0.35  # greatest change of the legs from cycle to cycle, of their standard deviation
_EASE = 0.12  # seconds in which the difference between two cycles fades


def continue_outside(
    driver: Sequence[Skeleton], width: float, fps: float
) -> tuple[list[Skeleton], float]:
    """Replace postures at both ends in which the video's left or right side cuts off a leg.

    Args:
        driver: its skeleton in each frame.
        width: of the video, in the skeletons' pixels.
        fps: frames per second.

    Returns:
        the driver, and the share of frames that were replaced.
    """
    found = list(driver)
    count = len(found)
    cut_off = ~_inside(driver, width)
    first, last = _cut_at_end(cut_off[::-1]), _cut_at_end(cut_off)
    if first + last >= count:
        return found, 0.0
    if last:
        found = _continued(found, first, count - 1 - last, fps)
    if first:
        found = _continued(found[::-1], last, count - 1 - first, fps)[::-1]
    return found, (first + last) / count


def _cut_at_end(cut_off: NDArray[np.bool_]) -> int:
    """Number of frames at the end that start with a cut one, and are mostly cut.

    While a leg is outside, the network may place it inside, anywhere.
    """
    count = len(cut_off)
    earliest = count - int(_LONGEST * count)
    if cut_off[:earliest].mean() >= _MOSTLY:  # of whom there is no more to be seen than this
        return 0
    for start in range(earliest, count):
        if cut_off[start] and cut_off[start:].mean() >= _MOSTLY:
            return count - start
    return 0


def _inside(driver: Sequence[Skeleton], width: float) -> NDArray[np.bool_]:
    known = np.median([each.seen for each in driver], axis=0) > _KNOWN
    nodes = [node for node in _LEGS if known[node]]
    if not nodes:
        return np.ones(len(driver), np.bool_)
    x = np.array([each.points[nodes, 0] for each in driver])
    margin = _BORDER * width
    return np.asarray(((x >= margin) & (x <= width - margin)).all(axis=1))


def _continued(driver: list[Skeleton], first: int, last: int, fps: float) -> list[Skeleton]:
    """Replace all postures after ``last``; those from ``first`` on are certain."""
    cycle = _cycle(driver[first : last + 1], fps)
    made = driver[: last + 1]
    if cycle is None:
        return [*made, *[made[-1]] * (len(driver) - 1 - last)]
    now, before = driver[last].points, driver[last - cycle].points
    way = now[Node.PELVIS] - before[Node.PELVIS]
    change = now - before - way
    for index in range(last + 1, len(driver)):
        old = made[index - cycle]
        fade = np.exp(-(index - last) / (_EASE * fps))
        made.append(replace(old, points=old.points + way + fade * change))
    return made


def _cycle(driver: Sequence[Skeleton], fps: float) -> int | None:
    """Frames after which the legs are back where they were, if they ever are."""
    legs = np.array([each.points[list(_LEGS)] - each.points[Node.PELVIS] for each in driver])
    sizes: Values = np.array([each.torso for each in driver])
    legs = legs / np.maximum(sizes, 1.0)[:, None, None]
    spread = float(np.sqrt(legs.var(axis=0).sum(axis=-1).mean()))
    low, high = round(_CYCLES[0] * fps), min(round(_CYCLES[1] * fps), 2 * len(driver) // 3)
    if spread < 1e-6 or high <= low:
        return None
    errors = [
        float(np.sqrt(((legs[lag:] - legs[:-lag]) ** 2).sum(axis=-1).mean()))
        for lag in range(low, high + 1)
    ]
    best = int(np.argmin(errors))
    return low + best if errors[best] < _ALIKE * np.sqrt(2) * spread else None
