"""Paths of the camera: where they go, and that they go smoothly."""

from __future__ import annotations

import math
from dataclasses import astuple
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from kirin.domain.cast import Heading
from kirin.engines.animatic.camera.path import PIVOT, path
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.camera.rest import end_at_rest
from kirin.engines.animatic.camera.turn import describe_direction, shown_degrees
from kirin.prompt.direction import read_direction

FPS = Fraction(24)
PROMPTS = [
    "push in",
    "fast pull out",
    "pan left then tilt up then zoom in fast",
    "orbit right while craning up",
    "dolly zoom",
    "the camera follows, dutch angle",
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
    if prompt != "handheld":  # whose tremor is as fast as frames can show
        assert np.abs(np.diff(curves(prompt), 3, axis=0)).max() < 5e-4


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


def test_handheld_looks_like_a_hand() -> None:
    paths = [
        np.array([astuple(p) for p in path(read_direction("handheld"), 480, FPS, seed=seed)])
        for seed in range(8)
    ]
    sways = [poses[:, 0] for poses in paths]
    assert all(0.008 < np.ptp(sway) < 0.05 for sway in sways)
    window = np.hanning(480)
    power = np.mean(
        [np.abs(np.fft.rfft((sway - sway.mean()) * window)) ** 2 for sway in sways], axis=0
    )
    hertz = np.fft.rfftfreq(480, 1 / 24)

    def within(low: float, high: float) -> float:
        return float(power[(hertz >= low) & (hertz < high)].sum() / power.sum())

    # Most of it is slow; it falls with the frequency, up to a faint tremor: no sine stands out.
    assert within(0, 1) > 0.9
    assert within(0.25, 0.5) > within(0.5, 1) > within(1, 2) > within(2, 4) > 0
    assert 1e-4 < within(5, 10) < 0.02
    assert within(5, 10) > 2 * within(10, 12)
    assert power.max() < 0.4 * power.sum()  # a sine would have 0.67
    assert all(np.ptp(poses[:, 3]) > math.radians(0.3) for poses in paths)
    again = path(read_direction("handheld"), 480, FPS, seed=0)
    assert [pose.x for pose in again] == sways[0].tolist()
    assert not math.isclose(sways[0][0], sways[1][0])


def test_a_single_frame_has_a_pose() -> None:
    assert path(read_direction("pan left"), 1, FPS) == (Pose(),)


def test_dolly_zoom_keeps_the_subject_and_changes_the_background() -> None:
    poses = path(read_direction("dolly zoom"), 121, FPS)
    subject = np.array([pose.view(PIVOT).scale for pose in poses])
    background = np.array([pose.view(0.0).scale for pose in poses])
    assert np.ptp(subject) < 1e-9
    assert (np.diff(background) <= 1e-12).all()
    assert background[0] / background[-1] > 1.2
    nearer = path(read_direction("dolly zoom"), 121, FPS, pivot=0.9)
    assert np.ptp([pose.view(0.9).scale for pose in nearer]) < 1e-9


def test_dolly_zoom_is_bounded() -> None:
    poses = path(read_direction("fast dolly zoom"), 2400, FPS, guidance=1.0)
    assert max(pose.dolly for pose in poses) <= 1.0 + 1e-9


@pytest.mark.parametrize(
    ("heading", "axis", "sign"),
    [
        (None, "truck_x", 1),
        (Heading.LEFT, "truck_x", -1),
        (Heading.RIGHT, "truck_x", 1),
        (Heading.AWAY, "dolly", 1),
        (Heading.TOWARDS, "dolly", -1),
        (Heading.UP, "truck_y", -1),
        (Heading.DOWN, "truck_y", 1),
    ],
)
def test_follows_the_subject(heading: Heading | None, axis: str, sign: int) -> None:
    poses = path(read_direction("the camera follows the fox"), 121, FPS, heading=heading)
    values = np.array([getattr(pose, axis) for pose in poses])
    assert (np.diff(values) * sign >= -1e-12).all()
    assert (values[-1] - values[0]) * sign > 0.04


def test_follows_where_it_is_told() -> None:
    left = path(read_direction("camera follows the fox to the left"), 60, FPS)
    assert left == path(read_direction("truck left"), 60, FPS)
    behind = path(read_direction("camera follows from behind"), 60, FPS)
    assert behind == path(read_direction("push in"), 60, FPS)
    assert read_direction("camera follows from behind").follows


def test_dutch_angle_is_held() -> None:
    poses = path(read_direction("dutch angle"), 60, FPS)
    assert len(set(poses)) == 1
    assert math.radians(5) < poses[0].roll < math.radians(20)
    moving = path(read_direction("dutch angle, push in"), 60, FPS)
    assert {pose.roll for pose in moving} == {poses[0].roll}
    assert moving[-1].dolly > moving[0].dolly


@pytest.mark.parametrize(("prompt", "sign"), [("bird's eye view", 1), ("low angle shot", -1)])
def test_a_high_angle_shows_more_ground_and_keeps_the_subject(prompt: str, sign: int) -> None:
    (pose,) = set(path(read_direction(prompt), 60, FPS))
    assert pose.view(PIVOT).y == pytest.approx(0.0)
    assert pose.view(0.0).y * sign > 0.05  # the horizon is above the view's centre
    assert pose.truck_y * sign < 0


def test_whip_pan_is_over_in_half_a_second() -> None:
    whip = np.array([pose.x for pose in path(read_direction("whip pan left"), 121, FPS)])
    moving = np.flatnonzero(np.diff(whip))
    assert len(moving) <= 14
    assert whip[-1] < whip[0]
    fast = np.array([pose.x for pose in path(read_direction("fast pan left"), 121, FPS)])
    assert np.abs(np.diff(whip)).max() > 4 * np.abs(np.diff(fast)).max()


@pytest.mark.parametrize(
    ("prompt", "axis", "degrees", "shown"),
    [
        ("180 degree orbit", "truck_x", 180, 34.0),
        ("orbit 20 degrees", "truck_x", 20, 20.0),
        ("camera rolls 90 degrees clockwise", "roll", 90, 24.0),
        ("pan left 30 degrees", "x", 30, 30.0),
    ],
)
def test_shows_as_many_degrees_as_it_can_and_says_so(
    prompt: str, axis: str, degrees: int, shown: float
) -> None:
    direction = read_direction(prompt)
    slow, fast = (
        [getattr(pose, axis) for pose in path(direction, 121, FPS, guidance)]
        for guidance in (0.0, 1.0)
    )
    assert slow == pytest.approx(fast)
    described = describe_direction(direction)
    assert described["moves"][0]["degrees"] == degrees
    (step,) = direction.steps
    assert shown_degrees(step) == shown
    limited = [{"move": step.move.value, "degrees": degrees, "shown": shown}]
    assert described.get("limited") == (limited if shown < degrees else None)


def test_an_orbit_of_some_degrees_turns_the_camera_by_them() -> None:
    # Beside a subject at disparity d, a camera that travels by t view widths turns by this angle.
    travel = np.ptp([pose.truck_x for pose in path(read_direction("orbit 20 degrees"), 61, FPS)])
    assert 2 * math.atan(travel * PIVOT / 2 / 0.7125) == pytest.approx(math.radians(20))


def test_a_dolly_zoom_that_ends_in_the_rest_view_stays_inside_of_the_picture() -> None:
    poses = end_at_rest(path(read_direction("dolly zoom"), 121, FPS), 16 / 9)
    assert poses[-1] == Pose()
    for pose in poses:
        assert min(pose.view(disparity).scale for disparity in (0.0, PIVOT, 1.1)) > 1.0 - 1e-9
    subject, background = (poses[0].view(disparity).scale for disparity in (PIVOT, 0.0))
    assert background > 1.2 * subject
