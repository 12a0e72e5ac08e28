"""That a quote warns of a picture and a driving video as the finished task does."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from skimage import data

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Driving, Orientation, Shot, Storyboard
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.errors import InputsRefused
from kirin.media.decode import frames
from kirin.vision.models import VisionModels
from kirin.vision.pose.glimpse import FRAMES, glimpse_motion
from kirin.vision.pose.motion import DrivingMotion

pytestmark = pytest.mark.slow

WALKING = Path(__file__).parents[2] / "media" / "walking.mp4"
FPS = Fraction(12)


@pytest.fixture(scope="module")
def engine() -> AnimaticEngine:
    return AnimaticEngine()


def board(folder: Path, rgb: np.ndarray, prompt: str = "") -> Storyboard:
    Image.fromarray(rgb).save(folder / "picture.png")
    height, width = rgb.shape[:2]
    first = Asset("picture", AssetKind.IMAGE, "image/png", 1, width, height)
    video = Asset("video", AssetKind.VIDEO, "video/mp4", 1, 1080, 560, 3.0, Fraction(30))
    size = (
        round(width * 480 / max(width, height)) // 2 * 2,
        round(height * 480 / max(width, height)) // 2 * 2,
    )
    driving = Driving(video, Orientation.IMAGE, keep_sound=False)
    return Storyboard("m", *size, FPS, (Shot(prompt, 3.0, first),), driving=driving)


def both(engine: AnimaticEngine, folder: Path, rgb: np.ndarray) -> tuple[Any, Any]:
    asked = board(folder, rgb, "it snows, the camera pushes in, she smiles")
    paths = {"picture": folder / "picture.png", "video": WALKING}
    told = engine.preview(asked, lambda asset: paths[asset.sha256])["motion"]
    clip = engine.render(asked, lambda asset: paths[asset.sha256], lambda _: None, lambda: False)
    next(iter(clip.frames))
    return told, clip.notes


def test_a_portrait_under_a_walking_driver(engine: AnimaticEngine, tmp_path: Path) -> None:
    told, notes = both(engine, tmp_path, data.astronaut())
    codes = [each["code"] for each in notes["warnings"]]
    assert codes[:2] == ["frontal_picture_profile_driver", "portrait_walking_driver"]
    assert told["warnings"] == notes["warnings"]
    assert told["works_best"]
    assert "found" not in told
    for name in ("understood", "missing"):
        assert told[name] == notes["motion"][name]


def test_a_whole_person_from_the_same_side(engine: AnimaticEngine, tmp_path: Path) -> None:
    standing = next(rgb for number, rgb in enumerate(frames(WALKING)) if number == 44)
    told, notes = both(engine, tmp_path, standing)
    assert told["warnings"] == notes["warnings"]
    assert not {each["code"] for each in told["warnings"]} & {
        "portrait_walking_driver",
        "would_fail",
    }


def test_a_picture_of_nobody_would_fail(engine: AnimaticEngine, tmp_path: Path) -> None:
    asked = board(tmp_path, np.ascontiguousarray(data.coffee()))
    paths = {"picture": tmp_path / "picture.png", "video": WALKING}
    (warning,) = engine.preview(asked, lambda asset: paths[asset.sha256])["motion"]["warnings"]
    assert warning["code"] == "would_fail"
    assert warning["message"].startswith("The picture shows no person")


def test_a_glimpse_takes_few_frames_and_sees_the_same() -> None:
    estimator, looked = VisionModels().pose_estimator, list[None]()
    glimpse = glimpse_motion(WALKING, Fraction(30), estimator, 3.0, lambda: looked.append(None))
    assert 10 <= len(looked) <= FRAMES
    whole = DrivingMotion.read(WALKING, Fraction(30), estimator, (36, FPS), lambda: None)
    assert (glimpse.width, glimpse.seen, glimpse.outside) == (whole.width, whole.seen, 0.0)
    ways, sizes = (
        [
            float(np.median([abs(getattr(one, name)) for one in each.skeletons]))
            for each in (glimpse, whole)
        ]
        for name in ("forward", "torso")
    )
    assert ways[0] == pytest.approx(ways[1], abs=0.1)
    assert sizes[0] == pytest.approx(sizes[1], rel=0.08)


def test_a_video_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"nothing")
    estimator = VisionModels().pose_estimator
    with pytest.raises(InputsRefused, match="The reference video cannot be read"):
        glimpse_motion(tmp_path / "broken.mp4", Fraction(30), estimator, 3.0, lambda: None)
