"""That the faces of a video are found: who is seen when and where, and who comes back."""

import av
import cv2
import numpy as np
import pytest

from kirin.errors import Stopped
from kirin.media.refusal import MediaRefused
from kirin.vision.face.appearance import FaceAppearance
from kirin.vision.face.estimator import FaceEstimator
from kirin.vision.face.tracks import find_faces
from support.talkers import film, heads
from support.videos import write_video

SIDE = 200
ONE, OTHER = heads(SIDE)
LEFT, RIGHT = (60.0, 90.0), (380.0, 100.0)


@pytest.fixture(scope="module")
def estimator():
    return FaceEstimator()


def one_moves(seconds):
    return ONE, (LEFT[0] + 40 * np.sin(2 * seconds), LEFT[1] + 20 * np.cos(3 * seconds))


@pytest.fixture(scope="module")
def found(tmp_path_factory, estimator):
    """One moves all the time; the other is away from 1.6 to 3.6 s and comes back elsewhere."""

    def scene(seconds):
        shown = [one_moves(seconds)]
        if not 1.6 <= seconds < 3.6:
            y = RIGHT[1] + (30 if seconds > 3 else 0)
            shown.append((OTHER, (RIGHT[0], y)))
        return shown

    path = film(tmp_path_factory.mktemp("film") / "two.mp4", scene, seconds=5)
    return find_faces(path, estimator)


def test_two_people_have_an_id_each(found):
    assert [face.track.id for face in found] == ["1", "2"]
    one, other = (face.track for face in found)
    assert (one.start, one.end) == (0, pytest.approx(5, abs=0.05))
    assert (other.start, other.end) == (0, pytest.approx(5, abs=0.05))


def test_boxes_follow_a_face(found, estimator):
    (head,) = estimator.find(ONE)
    for seconds in np.arange(0.1, 4.9, 0.13):
        box = found[0].track.at(float(seconds))
        _, corner = one_moves(seconds)
        expected = np.array(head.box) + np.tile(corner, 2)
        there = np.array([box.left, box.top, box.right, box.bottom])
        assert np.abs(there - expected).max() < 12


def test_somebody_who_is_away_is_not_told_as_seen_and_is_known_again(found):
    other = found[1].track
    assert other.at(1.0) is not None
    assert all(other.at(seconds) is None for seconds in (1.9, 2.5, 3.3))
    assert other.at(4.0).top == pytest.approx(other.at(1.0).top + 30, abs=6)


def test_the_picture_of_a_face_shows_that_face(found, estimator):
    for face, head in zip(found, (ONE, OTHER), strict=True):
        (shown,) = estimator.find(face.picture)
        (meant,) = estimator.find(head)
        looks = FaceAppearance.of(face.picture, shown.points)
        assert looks.likeness(FaceAppearance.of(head, meant.points)) > 0.8
        assert shown.height > 0.5 * face.picture.shape[0]


def test_somebody_else_in_the_same_place_has_another_id(tmp_path, estimator):
    """A cut: the place is the same, the face is not."""
    path = film(
        tmp_path / "cut.mp4", lambda t: [(ONE if t < 1.5 else OTHER, LEFT)], seconds=3, fps=10
    )
    faces = find_faces(path, estimator)
    assert [face.track.id for face in faces] == ["1", "2"]
    assert faces[0].track.end == pytest.approx(1.5, abs=0.21)
    assert faces[1].track.start == pytest.approx(1.5, abs=0.21)


def test_two_alike_who_are_seen_at_once_are_two(tmp_path, estimator):
    path = film(tmp_path / "twins.mp4", lambda _: [(ONE, LEFT), (ONE, RIGHT)], seconds=2, fps=10)
    assert len(find_faces(path, estimator)) == 2


def test_a_short_gap_is_closed(tmp_path, estimator):
    """Hidden for less than three quarters of a second."""
    path = film(
        tmp_path / "gap.mp4", lambda t: [] if 1.0 <= t < 1.35 else [(ONE, LEFT)], seconds=3, fps=20
    )
    (face,) = find_faces(path, estimator)
    assert face.track.at(1.2) is not None


def test_a_video_without_faces_has_none(tmp_path, estimator):
    told = []
    path = write_video(tmp_path / "grey.mp4", seconds=2)
    assert find_faces(path, estimator, progress=told.append) == []
    assert told == sorted(told)
    assert told[-1] == 1


def test_it_can_be_stopped_and_refuses_what_is_no_video(tmp_path, estimator):
    def stop():
        raise Stopped

    with pytest.raises(Stopped):
        find_faces(write_video(tmp_path / "grey.mp4", seconds=2), estimator, stop)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(bytes(100))
    with pytest.raises(MediaRefused):
        find_faces(broken, estimator)


def test_a_rotated_video_has_boxes_as_displayed(tmp_path, estimator):
    """Filmed upright by a phone: the file lies on its side and says so."""
    path = tmp_path / "turned.mp4"
    picture = np.full((480, 270, 3), 90, np.uint8)
    picture[100:300, 40:240] = ONE
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 480, 270, "yuv420p"
        stream.set_display_rotation(-90)
        lying = np.ascontiguousarray(cv2.rotate(picture, cv2.ROTATE_90_COUNTERCLOCKWISE))
        for _ in range(20):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(lying, "rgb24")))
        container.mux(stream.encode(None))
    (face,) = find_faces(path, estimator)
    (head,) = estimator.find(ONE)
    box = face.track.boxes[0]
    expected = np.array(head.box) + np.array([40, 100, 40, 100])
    assert np.abs(np.array([box.left, box.top, box.right, box.bottom]) - expected).max() < 8
