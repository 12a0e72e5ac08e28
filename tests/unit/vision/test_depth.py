"""That a photograph falls into the layers that it shows, at disparities like the true ones."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from kirin.media.images import load_rgb
from kirin.vision.analysis import PictureAnalysis
from kirin.vision.depth.layers import DepthLayer, LayerKind, split_layers
from kirin.vision.depth.measured import measure_layers
from kirin.vision.depth.scene import PictureScene
from kirin.vision.matting.segmenter import Segmenter
from kirin.vision.sky.sky import find_sky, reduced

SKY, FAR, GROUND, _, _, SUBJECT = LayerKind
CHINA = Path(__file__).parents[3] / "examples" / "photos" / "china.jpg"


@pytest.fixture(scope="module")
def segmenter():
    return Segmenter()


def kinds(layers):
    return [layer.kind for layer in layers]


def disparities(layers, shape):
    """The disparity of each pixel of a picture, by its layers."""
    height, width = shape
    total = np.zeros(shape)
    for layer in layers:
        alpha = cv2.resize(layer.alpha, (width, height), interpolation=cv2.INTER_AREA) / 255
        rows = np.array([layer.at((y + 0.5) / height) for y in range(height)])[:, None]
        total = total * (1 - alpha) + alpha * rows
    return total


def landscape(width=480, height=320):
    """A blue sky, dark mountains, and a meadow from row 200."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    sky = np.dstack([110 + y / 4, 160 + y / 5, 230 - y / 20])
    ridge = 120 + 25 * np.sin(x / 37) + 12 * np.sin(x / 11)
    rough = cv2.GaussianBlur(rng.normal(0, 40, (height, width)).astype(np.float32), (0, 0), 1.5)
    mountain = np.dstack([70 + rough, 70 + rough, 90 + rough])
    meadow = np.dstack([80 + rough, 150 + rough, 50 + rough / 2])
    rgb = np.where((y < ridge)[..., None], sky, np.where((y < 200)[..., None], mountain, meadow))
    rgb = cv2.GaussianBlur(rgb.astype(np.float32), (0, 0), 0.7)
    return np.clip(rgb + rng.normal(0, 1.5, rgb.shape), 0, 255).astype(np.uint8), y < ridge


def land(rgb, subjects=None):
    """The scene of a picture, without a network."""
    sky = find_sky(rgb)
    none = np.zeros(rgb.shape[:2], np.uint8)
    return PictureScene.read(
        rgb, reduced(rgb), sky and sky.mask, none if subjects is None else subjects
    )


def test_a_landscape_has_a_sky_what_is_far_and_a_ground():
    rgb, truth = landscape()
    scene = land(rgb)
    sky = cv2.resize(truth.astype(np.uint8), scene.small.shape[1::-1]) > 0
    assert (scene.sky & sky).sum() / (scene.sky | sky).sum() > 0.94
    assert scene.grounded
    assert scene.start == pytest.approx(200 / 320, abs=0.03)


@pytest.mark.parametrize("solid", [False, True])
def test_a_mast_is_all_in_one_layer(segmenter, solid):
    """The top of one whose lattice lets the sky through goes with the lattice, in the sky."""
    rgb, _ = landscape()
    rgb = np.concatenate([np.repeat(rgb[:1], 120, axis=0), rgb[:280]])  # under a high sky
    rgb[60 : 280 if solid else 110, 140:145] = (60, 50, 50)
    layers = split_layers(PictureAnalysis(rgb, segmenter))
    alpha = next(layer for layer in layers if layer.kind is FAR).alpha
    far = cv2.resize(alpha, rgb.shape[1::-1], interpolation=cv2.INTER_AREA) / 255
    top, below = (far[rows, 141:144].mean() for rows in (slice(66, 104), slice(130, 180)))
    assert (top, below) == pytest.approx((float(solid),) * 2, abs=0.05)


def test_a_level_sky_meets_the_ground_at_once():
    y, x = np.mgrid[0:200, 0:300].astype(np.float32)
    waves = 12 * np.sin(x / 5 + np.sin(y / 3) * 3)
    sea = np.dstack([20 + waves, 60 + waves, 90 + waves])
    sky = np.dstack([120 + y / 2, 170 + y / 3, 225 - y / 10])
    scene = land(np.where((y < 90)[..., None], sky, sea).clip(0, 255).astype(np.uint8))
    assert scene.grounded
    assert scene.line is None
    assert scene.start == pytest.approx(90 / 200, abs=0.02)


@pytest.mark.parametrize("colour", [(40, 130, 50), (150, 148, 150), (200, 90, 30)])
def test_an_even_backdrop_is_no_sky(colour):
    y, x = np.mgrid[0:200, 0:300].astype(np.float32)
    ball = np.hypot(x - 150, y - 130) < 60
    rgb = np.broadcast_to(np.array(colour, np.float32), (200, 300, 3)) + (y / 20)[..., None]
    rgb = np.where(ball[..., None], 128 + 60 * np.sin(x / 4)[..., None], rgb)
    assert find_sky(rgb.clip(0, 255).astype(np.uint8)) is None


def test_texture_alone_is_no_sky():
    noise = np.random.default_rng(3).integers(0, 255, (200, 300, 3), np.uint8)
    assert find_sky(cv2.GaussianBlur(noise, (0, 0), 2)) is None


def test_no_ground_is_assumed_behind_a_subject_in_focus_before_a_blur():
    rng = np.random.default_rng(8)
    blur = cv2.GaussianBlur(rng.integers(0, 255, (300, 400, 3), np.uint8), (0, 0), 25)
    y, x = np.mgrid[0:300, 0:400]
    subject = np.where(np.hypot(x - 200, y - 140) < 70, 255, 0).astype(np.uint8)
    rough = rng.integers(0, 255, (300, 400, 3), np.uint8)
    scene = land(np.where(subject[..., None] > 0, rough, blur), subject)
    assert not scene.grounded


def test_a_wire_before_the_sky_is_sharp_and_has_no_halo():
    rgb, _ = landscape()
    rgb = cv2.resize(rgb, (960, 640), interpolation=cv2.INTER_CUBIC)
    cv2.line(rgb, (0, 60), (959, 100), (40, 40, 40), 3, cv2.LINE_AA)
    sky = find_sky(rgb)
    assert sky is not None
    share = sky.matte(rgb)
    columns = np.arange(40, 920, 40)
    wire = np.round(60 + columns * 40 / 959).astype(int)
    assert share[wire, columns].max() < 0.3
    assert share[wire - 8, columns].min() > 0.95
    assert share[wire + 8, columns].min() > 0.95


def test_disparities_of_a_depth_map_replace_guesses():
    height, width = 80, 120
    left, right = np.zeros((2, height, width), np.uint8)
    left[20:60, 10:40], right[20:60, 70:100] = 255, 255
    whole = np.full((height, width), 255, np.uint8)
    layers = (
        DepthLayer(FAR, whole, 0.2, 0.2),
        DepthLayer(SUBJECT, left, 0.5, 0.5),
        DepthLayer(SUBJECT, right, 0.7, 0.7),
    )
    depth = np.repeat(np.linspace(0, 0.6, height)[:, None], width, axis=1)
    depth[left > 0], depth[right > 0] = 1.0, 0.7
    for given in (depth, np.round(depth * 255).astype(np.uint8)):
        back, first, second = measure_layers(layers, given)
        assert back.kind is GROUND
        assert back.near > back.far + 0.3
        assert first.alpha is right
        assert second.near > first.near + 0.1


def test_a_ramp_starts_at_its_head_and_ends_at_its_foot():
    layer = DepthLayer(GROUND, np.zeros((2, 2), np.uint8), 0.2, 0.8, 0.9, 0.5)
    assert [layer.at(row) for row in (0.1, 0.5, 0.7, 0.9, 1.0)] == pytest.approx(
        [0.2, 0.2, 0.5, 0.8, 0.8]
    )


@pytest.mark.slow
def test_the_depth_of_a_stereo_photograph_is_much_like_the_true_one(segmenter):
    rgb, _, truth = skimage.data.stereo_motorcycle()
    known = np.isfinite(truth)
    layers = split_layers(PictureAnalysis(rgb, segmenter))
    assert kinds(layers) == [FAR, GROUND, SUBJECT]
    ours = disparities(layers, truth.shape)
    rows = np.repeat(np.arange(truth.shape[0])[:, None], truth.shape[1], axis=1)
    alike = np.corrcoef(ours[known], truth[known])[0, 1]
    assert alike > 0.85
    assert alike > np.corrcoef(rows[known], truth[known])[0, 1] + 0.12


@pytest.mark.slow
def test_a_photograph_with_a_sky_has_its_subject_before_it(segmenter):
    layers = split_layers(PictureAnalysis(load_rgb(CHINA, 1600), segmenter))
    assert kinds(layers) == [SKY, FAR, GROUND, SUBJECT]
    assert (layers[0].alpha == 255).all()
    assert max(layers[0].alpha.shape) <= 1024
    height = len(layers[1].alpha)
    assert layers[1].alpha[: height // 12].mean() < 40  # trees reach up at the border
    assert layers[1].alpha[-height // 10 :].min() > 200
    assert layers[2].near > layers[1].near > layers[0].near


@pytest.mark.slow
def test_slender_and_small_subjects_are_found(segmenter):
    layers = split_layers(PictureAnalysis(skimage.data.rocket(), segmenter))
    assert kinds(layers)[0] is SKY
    rocket = layers[-1]
    assert rocket.kind is SUBJECT
    columns = np.flatnonzero((rocket.alpha > 127).any(axis=0)) / rocket.alpha.shape[1]
    assert columns[0] == pytest.approx(0.48, abs=0.04)
    assert columns[-1] == pytest.approx(0.53, abs=0.04)


@pytest.mark.slow
def test_texture_without_structure_is_one_layer(segmenter):
    noise = np.random.default_rng(3).integers(0, 255, (200, 300, 3), np.uint8)
    layers = split_layers(PictureAnalysis(cv2.GaussianBlur(noise, (0, 0), 2), segmenter))
    assert len(layers) == 1
    assert (layers[0].alpha == 255).all()
