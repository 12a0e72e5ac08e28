"""Fog: the farther, the thicker."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kirin.domain.motion import (
    AirRequest,
    Particle,
)
from kirin.engines.animatic.cinemagraph.air.nearness import FAR, find_nearness
from kirin.vision.planes import Rgb, picture_to_frame
from support.air import (
    HEIGHT,
    WIDTH,
    drawn,
    landscape,
    luma,
    made_of,
    still_of,
)


def test_fog_is_thicker_in_the_distance() -> None:
    rgb = landscape((120, 150, 190))
    rng = np.random.default_rng(1)
    rgb[200:] = rng.integers(20, 90, (HEIGHT - 200, WIDTH, 3))
    made = made_of(still_of(rgb), AirRequest("fog", Particle.FOG))
    frame = luma(drawn(made, rgb, 40))
    bed = luma(picture_to_frame(rgb, WIDTH, HEIGHT))
    kept = [
        float(frame[rows].std() / bed[rows].std()) for rows in (slice(205, 235), slice(330, 360))
    ]
    assert kept[0] < kept[1]
    assert kept[0] < 0.75


def forest() -> Rgb:
    """A pale wall of far wood, a level ground with texture, and two trunks before it.

    The left one stands near, the right one far: their feet are at 85% and 50% of the height.
    """
    rng = np.random.default_rng(2)
    rgb = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    rgb[:144] = rng.integers(60, 120, (144, WIDTH, 1))
    rgb[144:] = rng.integers(50, 110, (HEIGHT - 144, WIDTH, 1))
    rgb[: int(0.85 * HEIGHT), 150:180] = rng.integers(5, 35, (int(0.85 * HEIGHT), 30, 1))
    rgb[: int(0.50 * HEIGHT), 450:480] = rng.integers(5, 35, (int(0.50 * HEIGHT), 30, 1))
    return rgb


def test_fog_passes_behind_what_stands_near() -> None:
    """A near trunk keeps more of its contrast than a far one, and than the wood behind both."""
    rgb = forest()
    made = made_of(still_of(rgb), AirRequest("fog", Particle.FOG))
    bed = luma(picture_to_frame(rgb, WIDTH, HEIGHT))
    frames = [luma(drawn(made, rgb, number)) for number in (30, 45, 60)]

    def kept(columns: slice) -> float:
        part = np.s_[30:140, columns]
        fine = [np.diff(frame[part], axis=0).std() for frame in (*frames, bed)]
        return float(np.mean(fine[:-1]) / fine[-1])

    near, far, behind = kept(slice(156, 174)), kept(slice(456, 474)), kept(slice(280, 340))
    assert near > 1.2 * far
    assert near > 1.2 * behind


def test_a_ground_is_as_near_as_its_row_and_a_trunk_as_its_foot() -> None:
    small = cv2.resize(forest(), (288, 162), interpolation=cv2.INTER_AREA)
    near = find_nearness(np.asarray(small, np.uint8), 0.4)
    assert near[80, 200] == pytest.approx(near[80, 240], abs=0.05)
    assert near[-1].mean() > near[100].mean() > near[70].mean()
    trunk, foot = near[30, 74], near[int(0.85 * 162), 20]
    assert trunk == pytest.approx(foot, abs=0.15)
    assert trunk > near[30, 209] + 0.2
    assert near[30, 140] == pytest.approx(FAR, abs=0.03)
