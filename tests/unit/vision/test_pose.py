"""That people are found in pictures, and their joints where they are."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from kirin.media.decode import timed_frames
from kirin.vision.pose.estimator import PoseEstimator, silhouette
from kirin.vision.pose.landmarks import Joint
from kirin.vision.pose.region import Region

pytestmark = pytest.mark.slow

WALKING = Path(__file__).parents[2] / "media" / "walking.mp4"

# Frame 20 of the clip, told by eye on an enlargement.
TRUTH = {
    Joint.NOSE: (769, 131),
    Joint.LEFT_SHOULDER: (823, 178),
    Joint.LEFT_WRIST: (886, 292),
    Joint.RIGHT_WRIST: (697, 264),
    Joint.LEFT_KNEE: (743, 385),
    Joint.RIGHT_KNEE: (830, 385),
    Joint.LEFT_ANKLE: (716, 468),
    Joint.RIGHT_ANKLE: (873, 462),
    Joint.LEFT_FOOT_INDEX: (668, 480),
}


@pytest.fixture(scope="module")
def estimator():
    return PoseEstimator()


@pytest.fixture(scope="module")
def woman():
    ((_, rgb),) = timed_frames(WALKING, only={20})
    return rgb


def test_joints_are_where_the_eye_sees_them(estimator, woman):
    person = estimator.find_person(woman)
    away = [np.hypot(*(person.points[joint] - place)) for joint, place in TRUTH.items()]
    assert max(away) < 16  # of 380 px of height
    assert np.mean(away) < 10
    assert person.presence > 0.9
    assert person.visibility[[Joint.LEFT_HIP, Joint.LEFT_ANKLE]].min() > 0.9


def test_where_the_picture_shows_the_person_makes_no_difference(estimator, woman):
    here = estimator.find_person(woman)
    there = estimator.find_person(np.ascontiguousarray(woman[20:, 500:1020]))
    np.testing.assert_allclose(there.points, here.points - np.array([500, 20]), atol=15)


def test_a_tilted_person_is_as_good(estimator, woman):
    upright = estimator.find_person(woman)
    turn = cv2.getRotationMatrix2D((790, 280), 40, 1.0)
    tilted = cv2.warpAffine(woman, turn, (1080, 560), borderMode=cv2.BORDER_REPLICATE)
    found = estimator.find_person(tilted)
    expected = upright.points @ turn[:, :2].T + turn[:, 2]
    assert np.median(np.hypot(*(found.points - expected).T)) < 12


def test_what_is_cut_off_is_not_visible(estimator, woman):
    half = estimator.find_person(np.ascontiguousarray(woman[:330]))
    assert half.visibility[[Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]].max() < 0.3
    assert half.visibility[Joint.LEFT_SHOULDER] > 0.9


def test_several_people_come_with_the_largest_first(estimator, woman):
    small = cv2.resize(woman[:, 560:1000], None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    both = np.full((560, 840, 3), 120, np.uint8)
    both[:, 400:840] = woman[:, 560:1000]
    both[100 : 100 + len(small), 20 : 20 + small.shape[1]] = small
    first, second = estimator.find(both)
    assert first.region.x > 400 > second.region.x
    assert first.region.side / second.region.side == pytest.approx(1 / 0.8, rel=0.15)


def test_nobody_is_found_where_nobody_is(estimator, woman):
    y, x = np.mgrid[0:400, 0:600]
    hills = np.dstack([80 + x // 8, 120 + 40 * np.sin(y / 30), 200 - y // 4]).astype(np.uint8)
    assert estimator.find_person(hills) is None
    assert estimator.find_person(np.ascontiguousarray(woman[:, :430])) is None


def test_the_silhouette_covers_the_limbs_and_no_more(estimator, woman):
    (person,) = estimator.find(woman)
    mask = silhouette(person, 1080, 560)
    for x, y in TRUTH.values():
        assert mask[y - 4 : y + 5, x - 4 : x + 5].max() > 127
    assert mask[:, :640].max() < 30
    assert 0.03 < (mask > 127).mean() < 0.06


def test_the_same_picture_gives_the_same_bits(estimator, woman):
    a, b = estimator.find_person(woman), PoseEstimator().find_person(woman)
    assert a.points.tobytes() == b.points.tobytes()


def test_a_region_maps_there_and_back_and_cuts_what_it_says():
    region = Region.around(np.array([100.0, 80.0]), np.array([130.0, 40.0]))
    assert region.side == pytest.approx(125)
    points = np.array([[0.5, 0.5], [0.0, 1.0], [0.3, 0.2]])
    np.testing.assert_allclose(region.to_region(region.to_picture(points)), points, atol=1e-12)
    np.testing.assert_allclose(region.to_picture(np.array([[0.5, 0.1]])), [[130, 40]])
    rgb = np.zeros((200, 300, 3), np.uint8)
    rgb[36:44, 126:134] = 255
    for pixels in (250, 25):  # enlarged, and reduced
        cut = region.cut(rgb, pixels)[..., 0].astype(float)
        rows, columns = np.mgrid[0:pixels, 0:pixels] + 0.5
        middle = [(grid * cut).sum() / cut.sum() / pixels for grid in (columns, rows)]
        np.testing.assert_allclose(middle, (0.5, 0.1), atol=0.01)
