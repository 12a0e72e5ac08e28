"""Finding plants, hair, clothes and flags in pictures."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from kirin.domain.motion import Substance
from kirin.vision.face.estimator import FaceEstimator
from kirin.vision.planes import Rgb
from kirin.vision.pose.estimator import PoseEstimator
from kirin.vision.pose.landmarks import Joint
from kirin.vision.regions.find import find_region
from kirin.vision.regions.person import find_clothes, find_hair, looseness, somebody

CHINA = Path(__file__).parents[3] / "examples/photos/china.jpg"


@pytest.fixture(scope="module")
def portrait() -> Rgb:
    rgb: Rgb = data.astronaut()
    return np.ascontiguousarray(rgb)


def test_trees_are_found_and_the_pagoda_is_not() -> None:
    with Image.open(CHINA) as picture:
        rgb = np.asarray(picture.convert("RGB"))
    region = find_region(rgb, Substance.LEAVES)
    assert region is not None
    height, width = region.alpha.shape
    trees = region.alpha[int(0.85 * height) :, : int(0.2 * width)]
    pagoda = region.alpha[int(0.3 * height) : int(0.6 * height), int(0.3 * width) : width // 2]
    assert trees.mean() > 200
    assert pagoda.mean() < 15
    assert not region.alpha[: height // 4, width // 2 :].any()  # sky


@pytest.mark.parametrize("noise", [0.0, 40.0])
def test_green_alone_is_no_grass(noise: float) -> None:
    """A wall in green paint has no texture; a lawn has."""
    rng = np.random.default_rng(0)
    light = rng.normal(0, noise, (240, 320, 1))
    rgb = np.clip(np.array([70, 140, 50]) * (1 + light / 128), 0, 255).astype(np.uint8)
    rgb[:120] = (150, 190, 240)
    found = find_region(rgb, Substance.GRASS)
    assert (found is not None) == (noise > 0)


def test_planks_are_no_dry_grass() -> None:
    rgb = np.zeros((240, 320, 3), np.uint8)
    rgb[:] = (190, 160, 90)
    rng = np.random.default_rng(0)
    for row in range(0, 240, 8):
        rgb[row : row + 3] = np.clip(rgb[row : row + 3] - rng.integers(60, 110), 0, 255)
    assert find_region(rgb, Substance.GRASS) is None


def test_a_blossom_is_found_among_leaves() -> None:
    rng = np.random.default_rng(0)
    light = rng.normal(0, 30, (240, 320, 1))
    rgb = np.clip(np.array([60, 120, 40]) * (1 + light / 128), 0, 255).astype(np.uint8)
    rows, columns = np.mgrid[0:240, 0:320]
    petals = np.hypot(rows - 90, columns - 200) < 40 + 8 * np.sin(
        9 * np.arctan2(rows - 90, columns - 200)
    )
    rgb[petals] = (220, 40, 60)
    region = find_region(rgb, Substance.FLOWERS)
    assert region is not None
    assert region.alpha[petals].mean() > 200
    assert region.alpha[200:, :100].mean() < 10


def test_a_flag_is_found_beside_a_person(portrait: Rgb) -> None:
    region = find_region(portrait, Substance.FLAG)
    assert region is not None
    assert region.alpha[10:200, :30].mean() > 150
    assert not region.alpha[:, 150:].any()


@pytest.mark.parametrize("name", ["coffee", "rocket", "chelsea"])
def test_no_flag_is_seen_where_none_is(name: str) -> None:
    assert find_region(getattr(data, name)(), Substance.FLAG) is None


def test_hair_is_told_from_the_face_and_the_clothes(portrait: Rgb) -> None:
    person = PoseEstimator().find(portrait, most=1)[0]
    hair, clothes = find_hair(portrait, person), find_clothes(portrait, person)
    assert hair is not None
    assert clothes is not None
    assert hair.region.alpha[30:70, 170:280].mean() > 200
    assert hair.region.alpha[95:150, 200:250].mean() < 20
    assert not (hair.region.alpha[260:] > 0).any()
    assert clothes.region.alpha[300:480, 80:200].mean() > 200
    assert clothes.loose == 0  # a suit, of which no hem is seen
    assert not (clothes.region.alpha[:200] > 0).any()


def test_paper_in_two_greens_is_neither_grass_nor_leaves() -> None:
    rgb = np.zeros((240, 320, 3), np.uint8)
    rgb[:] = (0, 118, 106)
    cv2.ellipse(rgb, (160, 140), (60, 30), 20, 0, 360, (105, 190, 150), -1, cv2.LINE_AA)
    for substance in (Substance.GRASS, Substance.LEAVES, Substance.FLOWERS):
        assert find_region(rgb, substance) is None


def test_the_ribs_of_a_leaf_are_no_blades_of_grass() -> None:
    y, x = np.mgrid[0:240, 0:320].astype(np.float32)
    ribs = 6 * np.sin((x + 0.4 * y) / 3.5)
    leaf = np.array([110, 190, 20]) + ribs[..., None]
    assert find_region(leaf.clip(0, 255).astype(np.uint8), Substance.GRASS) is None


@pytest.mark.parametrize("name", ["astronaut", "chelsea"])
def test_only_who_has_a_face_is_somebody(name: str) -> None:
    rgb = np.ascontiguousarray(getattr(data, name)())
    people = PoseEstimator().find(np.ascontiguousarray(data.astronaut()), most=1)
    person = somebody(people, FaceEstimator().find(rgb))
    assert (person is people[0]) == (name == "astronaut")


@pytest.mark.parametrize(("half_width", "loose"), [(18, False), (70, True)])
def test_a_skirt_hangs_free_and_trousers_do_not(half_width: int, *, loose: bool) -> None:
    points, seen = np.zeros((33, 2)), np.ones(33)
    points[Joint.LEFT_HIP], points[Joint.RIGHT_HIP] = (115, 150), (85, 150)
    points[Joint.LEFT_KNEE], points[Joint.RIGHT_KNEE] = (115, 240), (85, 240)
    worn = np.zeros((300, 200), bool)
    worn[60:150, 75:125] = True
    worn[150:235, 100 - half_width - 14 : 100 + half_width + 14] = True
    assert (looseness(worn, points, seen) > 0.12) == loose
    assert looseness(worn, points, 0 * seen) == 0
