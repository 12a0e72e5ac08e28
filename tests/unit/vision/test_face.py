"""That faces are found in pictures, and their eyes, nose and mouth where they are."""

import cv2
import numpy as np
import pytest
from skimage import data

from kirin.vision.face.estimator import FaceEstimator
from kirin.vision.face.face import CHIN, INNER_LIPS, NOSE_TIP, EyeSide

# Told by eye on an enlargement of scikit-image's astronaut.
TRUTH = {"right iris": (204.5, 101.5), "left iris": (247.0, 104.0), "nose": (223.5, 129.0)}


@pytest.fixture(scope="module")
def estimator():
    return FaceEstimator()


@pytest.fixture(scope="module")
def woman():
    return data.astronaut()


def test_features_are_where_the_eye_sees_them(estimator, woman):
    (face,) = estimator.find(woman)
    right, left = face.eye(EyeSide.RIGHT), face.eye(EyeSide.LEFT)
    assert np.hypot(*(right.iris[0] - TRUTH["right iris"])) < 1.5
    assert np.hypot(*(left.iris[0] - TRUTH["left iris"])) < 1.5
    assert np.hypot(*(face.points[NOSE_TIP] - TRUTH["nose"])) < 4
    assert face.score > 0.99
    # She smiles: her teeth are the brightest between the lips.
    lips = face.points[list(INNER_LIPS[0][3:8] + INNER_LIPS[1][3:8])]
    x, y = lips.mean(axis=0).astype(int)
    assert woman[y - 1 : y + 2, x - 2 : x + 3].mean() > 170
    assert face.points[CHIN, 1] > y + 15


def test_lids_frame_the_iris(estimator, woman):
    (face,) = estimator.find(woman)
    for side in EyeSide:
        eye = face.eye(side)
        assert 6 < eye.height < 10
        assert 16 < eye.width < 21
        assert eye.upper[:, 1].min() < eye.iris[0, 1] < eye.lower[:, 1].max()
        assert 0.5 < eye.radius / (eye.height / 2) < 1.3
        assert eye.brow[:, 1].mean() < eye.crease[:, 1].mean() < eye.upper[:, 1].mean()
        # What it surrounds is darker in the middle than skin below.
        x, y = eye.iris[0].astype(int)
        below = woman[y + 10 : y + 13, x - 2 : x + 3].mean()
        assert woman[y - 1 : y + 2, x - 1 : x + 2].mean() < 0.6 * below


@pytest.mark.parametrize("degrees", [-35, 20, 40])
def test_a_tilted_face_is_as_good(estimator, woman, degrees):
    (upright,) = estimator.find(woman)
    turn = cv2.getRotationMatrix2D((226, 120), degrees, 1.0)
    (tilted,) = estimator.find(cv2.warpAffine(woman, turn, (512, 512)))
    expected = upright.points @ turn[:, :2].T + turn[:, 2]
    assert np.hypot(*(tilted.points - expected).T).mean() < 3
    assert tilted.roll == pytest.approx(upright.roll - np.radians(degrees), abs=0.06)


def test_a_mirrored_face_has_its_sides_exchanged(estimator, woman):
    (face,) = estimator.find(woman)
    (other,) = estimator.find(np.ascontiguousarray(woman[:, ::-1]))
    for side in EyeSide:
        x, y = face.eye(EyeSide(1 - side)).iris[0]
        assert np.hypot(*(other.eye(side).iris[0] - (512 - x, y))) < 1.0


def test_several_faces_come_largest_first(estimator, woman):
    head = woman[:220, 120:340]
    small = cv2.resize(head, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    picture = np.full((360, 520, 3), 128, np.uint8)
    picture[10 : 10 + small.shape[0], 40 : 40 + small.shape[1]] = small
    picture[130:350, 290:510] = head
    large, little = estimator.find(picture)
    assert large.height > 1.5 * little.height
    assert large.box[0] > 290 > little.box[2]
    assert len(estimator.find(picture, most=1)) == 1


def test_a_small_face_in_a_large_picture_is_found(estimator, woman):
    small = cv2.resize(woman[:220, 120:340], (88, 88), interpolation=cv2.INTER_AREA)
    picture = np.full((1080, 1920, 3), 110, np.uint8)
    picture[700:788, 1500:1588] = small
    (face,) = estimator.find(picture)
    assert 1500 < face.box[0] < face.box[2] < 1588


@pytest.mark.parametrize("name", ["chelsea", "coffee", "rocket", "motorcycle_left"])
def test_nothing_else_has_a_face(estimator, name):
    picture = data.stereo_motorcycle()[0] if name == "motorcycle_left" else getattr(data, name)()
    assert estimator.find(picture) == []


def test_the_same_picture_gives_the_same_points(estimator, woman):
    (first,), (second,) = estimator.find(woman), FaceEstimator().find(woman)
    np.testing.assert_array_equal(first.points, second.points)
    np.testing.assert_array_equal(first.irises, second.irises)
