"""What a driving video gives to a model that follows it: poses and faces, frame by frame."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Driving, Orientation
from kirin.engines.diffusion.driving.body import Body, Keypoint
from kirin.engines.diffusion.driving.drawing import COLOURS, LIMBS, draw_pose
from kirin.engines.diffusion.driving.faces import SIDE, crop_face, face_crops
from kirin.engines.diffusion.driving.guide import PoseGuide
from kirin.engines.diffusion.driving.retargeting import retarget
from kirin.errors import InputsRefused
from kirin.media.decode import frames
from kirin.media.encode import encode
from kirin.vision.planes import Rgb, picture_to_frame, resize
from kirin.vision.pose.estimator import PoseEstimator
from kirin.vision.pose.landmarks import Joint, Landmarks
from support.videos import DROPPING, TICKS, timed_video, told_seconds

pytestmark = pytest.mark.slow

WALKING = Path(__file__).parents[2] / "media" / "walking.mp4"
WIDTH, HEIGHT = 540, 280
FPS = Fraction(30)
COUNT = 18


def standing(size: float = 1.0, x: float = 200.0, y: float = 50.0) -> Landmarks:
    """Somebody who faces us with arms hanging, a hundred pixels from neck to hips."""
    places = {
        "NOSE": (0, -40),
        "EYE": (8, -48),
        "EAR": (16, -44),
        "MOUTH": (6, -30),
        "SHOULDER": (35, 0),
        "ELBOW": (40, 50),
        "WRIST": (42, 95),
        "FOOT": (28, 255),
        "THUMB": (38, 105),
        "INDEX": (42, 112),
        "PINKY": (46, 110),
        "HIP": (20, 100),
        "KNEE": (22, 170),
        "ANKLE": (22, 240),
        "HEEL": (22, 248),
    }
    points = np.zeros((33, 2))
    for joint in Joint:
        across, down = next(place for part, place in places.items() if part in joint.name)
        side = 0 if joint is Joint.NOSE else 1 if "LEFT" in joint.name else -1
        points[joint] = (x + size * side * across, y + size * down)
    return Landmarks(points, np.zeros(33), np.ones(33), 1.0)


def waving(share: float, size: float = 1.0, x: float = 200.0) -> Landmarks:
    """The same with the left arm raised to the side by a share of a right angle."""
    marks = standing(size, x)
    turn = share * np.pi / 2
    shoulder = marks.points[Joint.LEFT_SHOULDER].copy()
    arm = [j for j in Joint if j.name in {"LEFT_ELBOW", "LEFT_WRIST", "LEFT_INDEX"}]
    across, down = (marks.points[arm] - shoulder).T
    turned = np.stack(
        [across * np.cos(turn) + down * np.sin(turn), down * np.cos(turn) - across * np.sin(turn)],
        axis=1,
    )
    marks.points[arm] = shoulder + turned
    return marks


class TestBodies:
    def test_points_are_where_the_joints_are(self) -> None:
        marks = standing()
        body = Body.of(marks)
        assert body.points[Keypoint.NECK].tolist() == [200, 50]
        assert body.points[Keypoint.LEFT_WRIST].tolist() == marks.points[Joint.LEFT_WRIST].tolist()
        assert body.points[Keypoint.RIGHT_TOE].tolist() == (
            marks.points[Joint.RIGHT_FOOT_INDEX].tolist()
        )
        assert body.torso == pytest.approx(100)

    def test_from_behind_a_face_is_not_seen(self) -> None:
        turned = standing()
        turned.points[:, 0] = 400 - turned.points[:, 0]
        body = Body.of(turned)
        assert body.seen[[Keypoint.NOSE, Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE]].tolist() == [
            0,
            0,
            0,
        ]
        assert body.seen[Keypoint.LEFT_EAR] == 1
        assert crop_face(np.full((400, 400, 3), 90, np.uint8), turned) is None

    def test_a_mirror_exchanges_left_and_right(self) -> None:
        body = Body.of(waving(1))
        other = body.mirrored(400)
        across, down = body.points[Keypoint.LEFT_WRIST]
        assert other.points[Keypoint.RIGHT_WRIST].tolist() == [400 - across, down]


class TestDrawing:
    def test_points_and_limbs_have_the_colours_of_the_training(self) -> None:
        body = Body.of(standing())
        drawn = draw_pose(body, 400, 400)
        assert drawn.shape == (400, 400, 3)
        for spot in (Keypoint.NOSE, Keypoint.LEFT_KNEE, Keypoint.RIGHT_TOE):
            x, y = body.points[spot].astype(int)
            assert tuple(drawn[y, x]) == COLOURS[spot]
        for start, end in (LIMBS[7], LIMBS[11]):  # thigh and shin
            x, y = body.points[[start, end]].mean(axis=0).astype(int)
            number = LIMBS.index((start, end))
            assert tuple(drawn[y, x]) == tuple(int(0.6 * value) for value in COLOURS[number])
        assert COLOURS[:4] == ((255, 0, 0), (255, 85, 0), (255, 170, 0), (255, 255, 0))
        assert COLOURS[16:] == ((255, 0, 170), (255, 0, 85), (200, 200, 0), (100, 100, 0))

    def test_what_is_not_seen_is_not_drawn(self) -> None:
        body = Body.of(standing())
        body.seen[Keypoint.LEFT_KNEE] = 0.4
        drawn = draw_pose(body, 400, 400)
        x, y = body.points[Keypoint.LEFT_KNEE].astype(int)
        assert not drawn[y - 3 : y + 4, x - 3 : x + 4].any()

    def test_places_far_outside_do_no_harm(self) -> None:
        far = Body.of(standing(x=1e9, y=-1e9))
        assert not draw_pose(far, 64, 64).any()


class TestProportions:
    def test_the_character_keeps_its_size_and_place(self) -> None:
        driver = [Body.of(waving(share, 2.0)) for share in np.linspace(0, 1, 30)]
        character = Body.of(standing(0.5, 600, 300))
        told, notes = retarget(driver, character, (800, 600), 30)
        assert notes == {}
        assert told[0].points == pytest.approx(character.points, abs=0.5)
        arm = told[-1].points[[Keypoint.LEFT_SHOULDER, Keypoint.LEFT_WRIST]]
        assert arm[1, 0] - arm[0, 0] > 45  # to the side now
        assert abs(arm[1, 1] - arm[0, 1]) < 10
        assert told[-1].points[Keypoint.RIGHT_WRIST] == pytest.approx(
            character.points[Keypoint.RIGHT_WRIST], abs=0.5
        )

    def test_short_legs_stay_short_and_on_the_ground(self) -> None:
        short = standing(1, 200, 50)
        for joint in Joint:
            if "KNEE" in joint.name:
                short.points[joint, 1] -= 15
            if "ANKLE" in joint.name or "HEEL" in joint.name or "FOOT" in joint.name:
                short.points[joint, 1] -= 30
        character = Body.of(short)
        told, _ = retarget([Body.of(standing())] * 10, character, (400, 400), 30)
        ankles = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]
        assert told[5].points[ankles] == pytest.approx(character.points[ankles], abs=1)
        assert told[5].points[Keypoint.NECK] == pytest.approx(
            character.points[Keypoint.NECK], abs=1
        )

    def test_nobody_walks_out_of_the_picture(self) -> None:
        driver = [Body.of(standing(1, 200 + 10 * number)) for number in range(100)]
        character = Body.of(standing(1, 200))
        wide, shifted = retarget(driver, character, (1400, 400), 30)
        assert shifted == {}
        narrow, shortened = retarget(driver, character, (500, 400), 30)
        assert 0 < shortened["way_shortened_to"] < 0.5
        for told, width in ((wide, 1400), (narrow, 500)):
            hips = [body.hips[0] for body in told]
            assert hips == sorted(hips)
            assert min(hips) >= 44
            assert max(hips) <= width - 44

    def test_who_is_cut_off_by_the_picture_stays(self) -> None:
        driver = [Body.of(standing(1, 200 + 10 * number)) for number in range(60)]
        bust = Body.of(standing(1, 200, 350))
        told, notes = retarget(driver, bust, (400, 400), 30)
        assert "stays" in notes
        necks = np.array([body.points[Keypoint.NECK] for body in told])
        assert np.ptp(necks, axis=0).max() < 6
        assert necks[0] == pytest.approx(bust.points[Keypoint.NECK], abs=6)


class TestFaces:
    def test_a_face_fills_the_square(self) -> None:
        picture = np.zeros((400, 400, 3), np.uint8)
        picture[95:132, 184:217] = 250  # from brows to chin, from ear to ear
        found = crop_face(picture, standing(y=150))
        assert found is not None
        assert found.shape == (SIDE, SIDE, 3)
        assert found.mean() > 150
        assert found[:20].mean() < 60  # there is room above


@pytest.fixture(scope="module")
def estimator() -> PoseEstimator:
    return PoseEstimator()


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("walk") / "walk.mp4"
    planes = (picture_to_frame(rgb, WIDTH, HEIGHT) for rgb in islice(frames(WALKING), COUNT))
    encode(planes, path, width=WIDTH, height=HEIGHT, fps=FPS)
    return path


def driving(orientation: Orientation = Orientation.IMAGE) -> Driving:
    video = Asset("walk", AssetKind.VIDEO, "video/mp4", 1, WIDTH, HEIGHT, fps=FPS)
    return Driving(video, orientation, keep_sound=False)


def woman(*, flipped: bool = False) -> Rgb:
    """She who walks, in a picture as wide as a video, on her way to the left."""
    (rgb,) = islice(frames(WALKING), 22, 23)
    return resize(np.ascontiguousarray(rgb[:, ::-1] if flipped else rgb), 832, 432)


def middle(picture: Rgb) -> float:
    """Where what is drawn is from left to right."""
    return float(np.nonzero(picture.any(axis=2))[1].mean())


def test_faces_are_those_of_the_moment_where_frames_come_seldom(tmp_path: Path) -> None:
    video = timed_video(tmp_path / "v.mp4", DROPPING, size=(512, 512))
    asked: list[float] = []

    def person(seconds: float) -> Landmarks:
        asked.append(seconds)
        return standing()

    times = [index / 30 for index in range(90)]
    found = list(face_crops(video, times, person, 512))
    assert len(found) == len(asked) == 90
    exact = np.array(DROPPING) / TICKS
    for time, shown, face in zip(times, asked, found, strict=True):
        # Both the face and where it is are of the picture that is nearest in time.
        assert shown == pytest.approx(exact[np.abs(exact - time).argmin()], abs=0.001)
        assert told_seconds(face) == pytest.approx(shown, abs=0.03)


class TestGuides:
    def test_poses_move_where_the_driver_moves(self, walk: Path, estimator: PoseEstimator) -> None:
        guide = PoseGuide(driving(), walk, woman(), (COUNT, FPS), estimator, lambda: None)
        assert guide.notes["retargeted"]
        assert not guide.notes["mirrored"]
        first, second = guide.following(9), guide.following(10)
        assert (len(first.poses), len(second.faces)) == (9, 10)
        assert (second.poses[0] == first.poses[-1]).all()
        assert (second.faces[0] == first.faces[-1]).all()
        poses = [*first.poses, *second.poses[1:]]
        assert poses[0].shape == (432, 832, 3)
        ways = np.diff([middle(pose) for pose in poses[::4]])
        assert (ways < 0).all()  # she walks to the left
        assert all(face.any() for face in first.faces)
        assert np.abs(first.faces[0].astype(int) - first.faces[-1]).mean() > 1

    def test_who_faces_the_other_way_is_mirrored_or_turned(
        self, walk: Path, estimator: PoseEstimator
    ) -> None:
        ways = {}
        for orientation in Orientation:
            guide = PoseGuide(
                driving(orientation),
                walk,
                woman(flipped=True),
                (COUNT, FPS),
                estimator,
                lambda: None,
            )
            assert guide.notes["mirrored"] is (orientation is Orientation.IMAGE)
            poses = guide.following(COUNT).poses
            ways[orientation] = middle(poses[-1]) - middle(poses[0])
        assert ways[Orientation.IMAGE] > 0 > ways[Orientation.VIDEO]

    def test_a_picture_of_nobody_gets_the_driver_s_own_pose(
        self, walk: Path, estimator: PoseEstimator
    ) -> None:
        empty = np.full((432, 832, 3), 120, np.uint8)
        guide = PoseGuide(driving(), walk, empty, (2, FPS), estimator, lambda: None)
        assert guide.notes["retargeted"] is False
        rows, _ = np.nonzero(guide.following(2).poses[0].any(axis=2))
        assert 40 < rows.min() < rows.max() < 400

    def test_a_video_of_nobody_is_refused(self, tmp_path: Path, estimator: PoseEstimator) -> None:
        path = tmp_path / "grey.mp4"
        grey = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
        encode(iter([grey] * 6), path, width=WIDTH, height=HEIGHT, fps=FPS)
        with pytest.raises(InputsRefused) as refused:
            PoseGuide(driving(), path, woman(), (5, FPS), estimator, lambda: None)
        assert refused.value.field == "driving"
