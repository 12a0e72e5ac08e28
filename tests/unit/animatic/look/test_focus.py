"""Shallow focus: soft far away, sharp at the subject's feet, lights become discs."""

from __future__ import annotations

import numpy as np
import pytest

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.look.focus import FocusBlur
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.ground import Ground
from kirin.engines.animatic.scene.lens import Lens

WIDTH, HEIGHT = 640, 360
LENS = Lens(WIDTH, HEIGHT, (Pose(),))
GROUND = Ground(horizon=0.1)


def stripes() -> SceneCanvas:
    """Fine stripes all over."""
    canvas = SceneCanvas(*LENS.canvas())
    canvas.y[:] = np.where(np.arange(canvas.y.shape[1]) // 3 % 2, 150, 60)
    canvas.u[:], canvas.v[:] = 120, 140
    return canvas


def draw(
    canvas: SceneCanvas,
    strength: float,
    pose: Pose | None = None,
    rows: tuple[int, int] | None = None,
) -> None:
    blur = FocusBlur(strength, LENS, GROUND, 0.6)
    pose = pose or Pose()
    first, opaque, end = blur.span(LENS, pose, canvas)
    assert opaque == end
    blur.draw(canvas, LENS, pose, 0.0, rows or (first, end))


def detail(canvas: SceneCanvas, disparity: float) -> float:
    row = round(canvas.y.shape[0] / 2 + GROUND.row(disparity) * HEIGHT)
    return float(canvas.y[row - 2 : row + 2, 20:-20].std())


def test_far_is_soft_and_the_feet_are_sharp() -> None:
    canvas = stripes()
    sharp = detail(canvas, 0.6)
    draw(canvas, 1.0)
    assert detail(canvas, 0.6) > 0.95 * sharp
    assert detail(canvas, 0.05) < 0.1 * sharp
    assert canvas.y[20:40, 20:-20].std() < 0.1 * sharp
    assert detail(canvas, 0.98) < 0.6 * sharp
    assert canvas.y.dtype == np.float32
    assert np.allclose(canvas.u, 120, atol=0.1)
    assert np.allclose(canvas.v, 140, atol=0.1)


def test_a_stronger_lens_blurs_more() -> None:
    left = []
    for strength in (0.4, 0.8, 1.5):
        canvas = stripes()
        canvas.y[:] = np.where(np.arange(canvas.y.shape[1]) // 12 % 2, 150, 60)
        draw(canvas, strength)
        left.append(float(canvas.y[20:60, 20:-20].std()))
    assert left[0] > left[1] + 2 > left[2] + 4


@pytest.mark.parametrize("pose", [Pose(), Pose(truck_y=0.1, zoom=1.2), Pose(y=-0.08, dolly=0.3)])
def test_the_sharp_band_goes_with_the_camera(pose: Pose) -> None:
    canvas = stripes()
    draw(canvas, 1.0, pose)
    view = pose.view(0.6)
    row = canvas.y.shape[0] / 2 + (GROUND.row(0.6) - view.y) * HEIGHT * view.scale
    if row < canvas.y.shape[0] - 3:
        assert canvas.y[round(row) - 1 : round(row) + 2, 20:-20].std() > 40


def test_a_lamp_becomes_a_disc() -> None:
    canvas = stripes()
    canvas.y.fill(30)
    canvas.y[60:64, 300:304] = 235
    draw(canvas, 1.3)
    bright = canvas.y > 70
    rows, columns = np.nonzero(bright)
    radius = 1.3 * 0.022 * HEIGHT
    assert abs(np.ptp(rows) / 2 - radius) < 0.45 * radius + 2
    assert abs(np.ptp(columns) - np.ptp(rows)) <= 4
    # Filled evenly: a disc, not a Gaussian.
    assert canvas.y[bright].std() < 0.35 * (canvas.y[bright].mean() - 30)


def test_rows_that_something_hides_are_left_alone() -> None:
    canvas = stripes()
    canvas.y[200:] = np.nan
    draw(canvas, 1.0, rows=(0, 200))
    assert np.isfinite(canvas.y[:200]).all()
    assert np.isnan(canvas.y[200:]).all()
