"""That the character of a real picture does what the woman of a real clip does."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Driving, Orientation, Reference, Shot, Storyboard
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.animatic.puppet.renderer import PuppetShotRenderer
from kirin.engines.animatic.shot import ShotContext
from kirin.errors import InputsRefused
from kirin.media.decode import frames
from kirin.media.encode import encode
from kirin.prompt.reader import read_intent
from kirin.vision.models import VisionModels
from kirin.vision.planes import Planes, picture_to_frame, resize
from kirin.vision.pose.motion import DrivingMotion, track_video
from kirin.vision.pose.skeleton import CHAINS, LIMBS, BodyPart, Skeleton

pytestmark = pytest.mark.slow

WHOLE = Path(__file__).parents[2] / "media" / "walking.mp4"
FPS, COUNT, STANDING = Fraction(15), 45, 22
WIDTH, HEIGHT = 720, 374


def nothing():
    pass


@pytest.fixture(scope="module")
def tools():
    return VisionModels()


@pytest.fixture(scope="module")
def woman():
    return next(rgb for number, rgb in enumerate(frames(WHOLE)) if number == STANDING)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """Every other frame of the clip, which is enough to follow her."""
    path = tmp_path_factory.mktemp("clip") / "walking.mp4"
    size = {"width": 1080, "height": 560}
    encode(
        (picture_to_frame(rgb, 1080, 560) for rgb in list(frames(WHOLE))[::2]),
        path,
        fps=FPS,
        **size,
    )
    return path


@pytest.fixture(scope="module", autouse=True)
def followed():
    """Whom a video shows is found once for all tests, which takes longer than to draw the puppet.

    Gives what was found, to be cleared by tests that want it found anew.
    """
    known, usual = {}, DrivingMotion.read

    def read(video, fps, estimator, clip, check, progress=None):
        key = (video.read_bytes(), fps, clip)
        if key not in known:
            known[key] = usual(video, fps, estimator, clip, check, progress)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DrivingMotion, "read", read)
        yield known


def take(rgb, folder, clip, tools, orientation=Orientation.IMAGE, subject=None, prompt=""):
    paths = {"video": clip, "picture": folder / "picture.png", "subject": folder / "subject.png"}
    Image.fromarray(rgb).save(paths["picture"])
    references = ()
    if subject is not None:
        Image.fromarray(subject).save(paths["subject"])
        view = Asset("subject", AssetKind.IMAGE, "image/png", 1, 1, 1)
        references = (Reference("Tom", (view,)),)
    height, width = rgb.shape[:2]
    tall = round(WIDTH * height / width / 2) * 2
    video = Asset("video", AssetKind.VIDEO, "video/mp4", 1, 1080, 560, 3.0, FPS)
    first = Asset("picture", AssetKind.IMAGE, "image/png", 1, width, height)
    shot = Shot(prompt, 3.0, first, references=references)
    driving = Driving(video, orientation, keep_sound=False)
    board = Storyboard("m", WIDTH, tall, FPS, (shot,), driving=driving)
    assert not AnimaticEngine().unsupported(board)
    context = ShotContext(
        board,
        shot,
        lambda asset: paths[asset.sha256],
        read_intent(prompt, drawn=False),
        [Pose()] * COUNT,
        tools,
        nothing,
    )
    return PuppetShotRenderer(context)


@pytest.fixture(scope="module")
def walking(woman, clip, tools, tmp_path_factory):
    return take(woman, tmp_path_factory.mktemp("walking"), clip, tools)


def directions(skeletons, start, end):
    lines = np.array([each.points[end] - each.points[start] for each in skeletons])
    return np.unwrap(np.arctan2(lines[:, 1], lines[:, 0]))


def test_limbs_point_where_the_drivers_do(walking, clip, tools):
    estimator = tools.pose_estimator
    driver = DrivingMotion.read(clip, FPS, estimator, (COUNT, FPS), nothing).skeletons
    numbers = range(1, COUNT, 3)
    found = [estimator.find_person(Planes.of_frame(walking.frame(k)).to_rgb()) for k in numbers]
    assert all(found)
    output = [Skeleton.of(each) for each in found]
    driver = [driver[k] for k in numbers]
    errors, together = [], []
    for limb in (
        BodyPart.LEFT_ARM,
        BodyPart.LEFT_LEG,
        BodyPart.RIGHT_LEG,
    ):  # the right arm is hidden
        for start, end in zip(CHAINS[limb][:2], CHAINS[limb][1:3], strict=True):
            here, there = directions(driver, start, end), directions(output, start, end)
            apart = (there - here + np.pi) % (2 * np.pi) - np.pi
            errors.append(np.degrees(np.abs(apart)).mean())
            together.append(np.corrcoef(here, there)[0, 1])
    assert np.mean(errors) < 9
    assert np.mean(together) > 0.9


def test_the_background_stays_as_it_was(walking, woman):
    picture = resize(woman, WIDTH, walking.background.shape[0] * 2 // 3)
    seen = Planes.of_frame(walking.frame(5)).to_rgb().astype(float)
    away = np.s_[:, : WIDTH // 3]  # nobody is there yet
    assert 10 * np.log10(255**2 / np.mean((seen - picture)[away] ** 2)) > 35


def test_the_character_is_gone_from_where_it_stood(walking, tools):
    estimator = tools.pose_estimator
    assert estimator.find_person(Planes.of_frame(walking.background).to_rgb()) is None


@pytest.mark.usefixtures("looked_at_anew")
def test_frames_are_the_same_each_time(walking, woman, clip, tools, tmp_path, followed):
    followed.clear()
    again = take(woman, tmp_path, clip, tools)
    for number in (0, 20, 44):
        np.testing.assert_array_equal(again.frame(number), walking.frame(number))
    assert again.notes == walking.notes


def test_it_says_what_it_did(walking):
    notes = walking.notes
    assert notes["person_seen"] > 0.9
    assert notes["moving"] == [limb.name.lower() for limb in LIMBS]
    assert not notes["mirrored"]
    assert notes["contact_shadow"]
    assert notes["warnings"] == []
    assert notes["motion"] == {"understood": [], "missing": []}


def test_the_ground_is_darker_under_her(walking):
    dark = np.zeros(walking.background.shape, int)
    for number in range(10, 40, 5):
        dark = np.minimum(dark, walking.frame(number).astype(int) - walking.background)
    feet = walking._postures[20].nodes
    low = walking._puppet.place.to_video(feet)[:, 1].max()
    rows = dark[: walking.background.shape[0] * 2 // 3]
    assert rows[int(low) - 3 : int(low) + 6].min() < -8


def test_a_character_that_faces_the_other_way_is_turned(woman, clip, tools, tmp_path):
    facing_right = np.ascontiguousarray(woman[:, ::-1])
    turned = take(facing_right, tmp_path, clip, tools, Orientation.VIDEO)
    assert turned.notes["flipped"]
    person = tools.pose_estimator.find_person(Planes.of_frame(turned.frame(20)).to_rgb())
    assert Skeleton.of(person).forward < -0.5  # as the woman of the video


def test_a_subject_takes_the_place_of_the_pictures_person(woman, clip, tools, tmp_path):
    other = np.clip(woman * np.array([1.4, 0.7, 0.7]), 0, 255).astype(np.uint8)
    seen = take(woman, tmp_path, clip, tools, Orientation.VIDEO, other)
    assert seen.notes["subject"] == "Tom"
    frame = Planes.of_frame(seen.frame(20)).to_rgb()
    person = Skeleton.of(tools.pose_estimator.find_person(frame))
    x, y = person.points[[0, 1]].mean(axis=0).round().astype(int)
    patch = frame[y - 4 : y + 5, x - 4 : x + 5].reshape(-1, 3).mean(axis=0)
    assert patch[0] > 1.5 * patch[1]  # and not as green as her shirt is in the picture


def test_a_portrait_moves_only_what_it_shows(clip, tools, tmp_path):
    portrait = np.ascontiguousarray(data.astronaut())
    seen = take(portrait, tmp_path, clip, tools)
    assert not [name for name in seen.notes["moving"] if "leg" in name]
    assert not seen.notes["contact_shadow"]
    codes = [each["code"] for each in seen.notes["warnings"]]
    assert codes[:2] == ["frontal_picture_profile_driver", "portrait_walking_driver"]
    assert seen.notes["moving"] or seen.notes["moving_reason"]
    first, later = (Planes.of_frame(seen.frame(k)).y.astype(int) for k in (0, 25))
    assert np.abs(first - later)[-2:].mean() < 3  # the picture's border holds


def test_what_a_fixed_camera_and_a_puppet_cannot_do_is_told(woman, clip, tools, tmp_path):
    prompt = "the camera pushes in, water flows, she smiles"
    seen = take(woman, tmp_path, clip, tools, prompt=prompt)
    missing = {each["word"]: each["kind"] for each in seen.notes["motion"]["missing"]}
    assert "camera" in missing.values()
    assert any("water" in word for word in missing)


def test_progress_moves_while_the_video_is_followed(clip, tools):
    told = []
    track_video(clip, FPS, tools.pose_estimator, nothing, told.append, COUNT / FPS)
    assert len(told) >= COUNT
    assert told == sorted(set(told))
    assert told[0] < 0.05
    assert 0.9 < told[-1] <= 1


def test_progress_moves_before_the_first_frame(woman, clip, tools, tmp_path, followed):
    followed.clear()
    paths = {"video": clip, "picture": tmp_path / "picture.png"}
    Image.fromarray(woman).save(paths["picture"])
    height, width = woman.shape[:2]
    first = Asset("picture", AssetKind.IMAGE, "image/png", 1, width, height)
    video = Asset("video", AssetKind.VIDEO, "video/mp4", 1, 1080, 560, 3.0, FPS)
    driving = Driving(video, Orientation.IMAGE, keep_sound=False)
    board = Storyboard("m", WIDTH, HEIGHT, FPS, (Shot("", 3.0, first),), driving=driving)
    told = []
    engine = AnimaticEngine(tools)
    made = engine.render(board, lambda asset: paths[asset.sha256], told.append, lambda: False)
    next(iter(made.frames))
    assert len(told) >= 5
    assert told == sorted(set(told))
    assert 0.4 < told[-1] < 1


def test_a_picture_of_nobody_is_refused(clip, tools, tmp_path):
    with pytest.raises(InputsRefused, match="The picture shows no person"):
        take(np.ascontiguousarray(data.coffee()), tmp_path, clip, tools)


def test_a_reference_video_that_cannot_be_read_is_refused(tools, tmp_path):
    (tmp_path / "broken.mp4").write_bytes(b"nothing")
    with pytest.raises(InputsRefused, match="The reference video cannot be read"):
        DrivingMotion.read(
            tmp_path / "broken.mp4", Fraction(30), tools.pose_estimator, (COUNT, FPS), nothing
        )
