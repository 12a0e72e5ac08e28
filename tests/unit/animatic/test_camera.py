"""Paths of the camera: where they go, and that they go smoothly."""

from __future__ import annotations

import math
from dataclasses import astuple
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from kirin.engines.animatic.camera.path import PIVOT, path
from kirin.engines.animatic.camera.pose import Pose
from kirin.prompt.direction import read_direction

FPS = Fraction(24)
PROMPTS = [
    "push in",
    "fast pull out",
    "pan left then tilt up then zoom in fast",
    "orbit right while craning up",
    "roll clockwise, pan right",
    "handheld",
    "pan left then right then left then right then left",
    "",
]


def curves(prompt: str, frames: int = 120, guidance: float = 0.5) -> NDArray[np.float64]:
    poses = path(read_direction(prompt), frames, FPS, guidance, seed=3)
    return np.array([astuple(pose) for pose in poses])


@pytest.mark.parametrize("prompt", PROMPTS)
def test_no_jump_in_position_speed_or_acceleration(prompt: str) -> None:
    coarse, fine = (
        np.array([astuple(pose) for pose in path(read_direction(prompt), 5 * fps, fps, seed=3)])
        for fps in (120, 240)
    )
    for order in (1, 2):
        # Differences of a curve that is smooth to this order shrink with the step.
        small = np.abs(np.diff(fine, order, axis=0)).max()
        large = np.abs(np.diff(coarse, order, axis=0)).max()
        assert small < large / 2**order * 1.2
    third = np.abs(np.diff(curves(prompt), 3, axis=0)).max()
    assert third < 5e-4


@pytest.mark.parametrize("prompt", [prompt for prompt in PROMPTS if prompt != "handheld"])
def test_starts_and_stops_gently(prompt: str) -> None:
    speed = np.abs(np.diff(curves(prompt), axis=0))
    assert speed[0].max() < 0.1 * speed.max()
    assert speed[-1].max() < 0.1 * speed.max()


@pytest.mark.parametrize(
    ("prompt", "axis", "sign"),
    [
        ("pan left", "x", -1),
        ("pan right", "x", 1),
        ("tilt up", "y", -1),
        ("tilt down", "y", 1),
        ("truck left", "truck_x", -1),
        ("truck right", "truck_x", 1),
        ("crane up", "truck_y", -1),
        ("crane down", "truck_y", 1),
        ("orbit left", "truck_x", -1),
        ("orbit right", "truck_x", 1),
        ("push in", "dolly", 1),
        ("pull out", "dolly", -1),
        ("zoom in", "zoom", 1),
        ("zoom out", "zoom", -1),
        ("roll clockwise", "roll", 1),
        ("roll counterclockwise", "roll", -1),
    ],
)
def test_goes_where_it_is_told(prompt: str, axis: str, sign: int) -> None:
    poses = path(read_direction(prompt), 121, FPS)
    values = np.array([getattr(pose, axis) for pose in poses])
    assert (np.diff(values) * sign >= -1e-12).all()
    assert (values[-1] - values[0]) * sign > 0.04


def test_static_is_exactly_constant() -> None:
    assert set(path(read_direction("static shot"), 50, FPS, 1.0, seed=9)) == {Pose()}


def test_path_is_centred_and_never_below_rest() -> None:
    sides = curves("pan left, truck right, tilt up")
    for column in (0, 1, 4):
        assert sides[:, column].max() == pytest.approx(-sides[:, column].min())
    out = path(read_direction("pull out, zoom out"), 60, FPS)
    assert min(pose.dolly for pose in out) == out[-1].dolly == 0.0
    assert min(pose.zoom for pose in out) == out[-1].zoom == 1.0


def test_orbit_keeps_its_pivot_in_the_centre() -> None:
    for pose in path(read_direction("orbit left"), 60, FPS):
        assert pose.view(PIVOT).x == pytest.approx(0.0, abs=1e-12)


def test_moves_made_together_add_up() -> None:
    both = curves("pan left, tilt up")
    assert both == pytest.approx(curves("pan left") + curves("tilt up") - curves("static shot"))


def test_strength_grows_with_guidance_and_speed_and_is_bounded_in_time() -> None:
    def reach(prompt: str, seconds: int = 5, guidance: float = 0.5) -> float:
        return float(np.ptp(curves(prompt, seconds * 24, guidance)[:, 0]))

    assert reach("pan left", guidance=0) < reach("pan left") < reach("pan left", guidance=1)
    assert reach("slow pan left") < reach("pan left") < reach("fast pan left")
    assert reach("pan left", 5) < reach("pan left", 10) < reach("pan left", 60)
    assert reach("pan left", 3600) < 2 * reach("pan left", 5)
    assert 0.1 < reach("pan left") < 0.3


def test_handheld_sways_and_does_not_jitter() -> None:
    sway = curves("handheld", 240)[:, 0]
    assert 0.004 < np.ptp(sway) < 0.04
    power = np.abs(np.fft.rfft((sway - sway.mean()) * np.hanning(240))) ** 2
    hertz = np.fft.rfftfreq(240, 1 / 24)
    assert power[hertz > 2.5].sum() < 1e-4 * power.sum()
    assert (sway == curves("handheld", 240)[:, 0]).all()
    other = path(read_direction("handheld"), 240, FPS, seed=4)
    assert not math.isclose(other[0].x, sway[0])


def test_a_single_frame_has_a_pose() -> None:
    assert path(read_direction("pan left"), 1, FPS) == (Pose(),)
