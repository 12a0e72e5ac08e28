"""A hard shadow goes with its owner; what is only dark beside a subject is left where it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import cv2
import numpy as np
import pytest

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.photo import Photo, PhotoOptions
from kirin.vision.analysis import PictureAnalysis
from kirin.vision.depth.layers import LayerKind, split_layers
from kirin.vision.kernels import Plane
from kirin.vision.matting.segmenter import SubjectMask
from kirin.vision.matting.shadow import sure_shadow
from kirin.vision.planes import Planes, Rgb

WIDTH, HEIGHT = 480, 320
BALL = 240, 140, 50
"""Column and row of the middle, and the radius, in pixels."""
SHADOW = np.array([[240, 185], [225, 165], [330, 205], [350, 222], [300, 225]])


def picture(left: float = 0.5, soft: float = 0.0, tint: tuple[int, int, int] = (0, 0, 0)) -> Rgb:
    """A red ball on sand, and beside it what is left of the light."""
    rng = np.random.default_rng(3)
    rough = cv2.GaussianBlur(rng.normal(0, 20, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 1.5)
    rgb = np.dstack([205 + rough, 185 + rough, 150 + rough])
    dark = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.fillPoly(dark, [SHADOW.reshape(-1, 1, 2).astype(np.int32)], 1.0)
    dark = cv2.GaussianBlur(dark, (0, 0), max(soft, 0.6))[..., None].astype(np.float32)
    rgb = rgb * (1 - dark * (1 - left)) + dark * np.array(tint)
    ball = mask()[..., None] / 255
    rgb = rgb * (1 - ball) + ball * np.array([200, 30, 40])
    return np.asarray(np.clip(rgb, 0, 255), np.uint8)


def mask() -> Plane:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    inside = np.clip(BALL[2] - np.hypot(x - BALL[0], y - BALL[1]) + 0.5, 0, 1)
    return np.asarray(np.round(inside * 255), np.uint8)


def test_a_hard_shadow_is_found() -> None:
    shadow = sure_shadow(picture(), mask())
    assert shadow is not None
    assert shadow[210, 310] > 240
    assert shadow[100, 400] == shadow[300, 100] == shadow[60, 240] == 0


@pytest.mark.parametrize(
    "doubtful",
    [
        picture(left=1.0),
        picture(left=0.85),
        picture(soft=14.0),
        picture(left=0.2, tint=(0, 70, 0)),
        picture(left=0.0, tint=(4, 4, 4)),
    ],
    ids=["none", "faint", "soft", "green", "black"],
)
def test_what_is_not_sure_is_none(doubtful: Rgb) -> None:
    assert sure_shadow(doubtful, mask()) is None


def test_on_ground_that_is_not_plain_nothing_is_sure() -> None:
    rng = np.random.default_rng(4)
    patches = np.repeat(np.repeat(rng.integers(20, 255, (20, 30, 1)), 16, 0), 16, 1)
    rgb = np.where(mask()[..., None] > 127, picture(), patches.repeat(3, 2)).astype(np.uint8)
    assert sure_shadow(rgb, mask()) is None


def looked_at(rgb: Rgb) -> PictureAnalysis:
    alpha = mask()
    subject = SubjectMask(alpha, 1.0, 1.0)
    return cast(PictureAnalysis, SimpleNamespace(rgb=rgb, work=rgb, sky=None, subjects=(subject,)))


def test_it_is_a_layer_as_near_as_its_owner_and_right_behind_it() -> None:
    *_, shadow, ball = split_layers(looked_at(picture()))
    assert (shadow.kind, ball.kind) == (LayerKind.SHADOW, LayerKind.SUBJECT)
    assert (shadow.far, shadow.near) == (ball.far, ball.near)
    plain = split_layers(looked_at(picture(left=1.0)))
    assert LayerKind.SHADOW not in [layer.kind for layer in plain]


def test_as_the_camera_travels_it_stays_at_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    rgb = picture()
    monkeypatch.setattr(
        "kirin.engines.animatic.photo.sheet.PictureAnalysis", lambda rgb, _: looked_at(rgb)
    )
    poses = [Pose(), Pose(truck_x=0.1), Pose(truck_x=0.2)]
    photo = Photo.prepare(rgb, WIDTH, HEIGHT, poses, cast(Any, object()))
    assert photo.kinds[-2:] == ("shadow", "subject")
    frames = [Planes.of_frame(photo.frame(pose)) for pose in (poses[0], poses[2])]
    balls = [float(np.nonzero(cv2.blur(each.v, (5, 5)) > 170)[1].mean()) * 2 for each in frames]
    shadows = []
    for planes, ball in zip(frames, balls, strict=True):
        rows = planes.y[200:220].astype(float)
        dark = np.nonzero(cv2.blur(rows, (5, 5)) < 130)[1]
        shadows.append(float(dark.mean()) - ball)
    assert balls[1] - balls[0] < -40
    assert shadows[1] == pytest.approx(shadows[0], abs=2.0)
    # Nothing of it is left behind: where it was there is sand again.
    left = frames[1].y[200:222, 318:345]
    assert float(left.mean()) > 150


def test_a_camera_that_stays_needs_no_sheet_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "kirin.engines.animatic.photo.sheet.PictureAnalysis", lambda rgb, _: looked_at(rgb)
    )
    options = PhotoOptions(separate=True)
    photo = Photo.prepare(picture(), WIDTH, HEIGHT, [Pose()], cast(Any, object()), options)
    assert "shadow" not in photo.kinds
    assert "subject" in photo.kinds
