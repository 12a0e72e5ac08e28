"""Portraits of subjects: from real pictures and a real video."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.subject import SubjectDraft, SubjectKind
from kirin.errors import Stopped
from kirin.media.decode import facts, frames
from kirin.subjects.portrait import PortraitFiles, PortraitMaker
from kirin.vision.pose.landmarks import Joint

pytestmark = pytest.mark.slow

WALKING = Path(__file__).parents[2] / "media" / "walking.mp4"


@pytest.fixture(scope="module")
def portraits() -> PortraitMaker:
    return PortraitMaker()


def of_picture(portraits: PortraitMaker, pixels: np.ndarray, folder: Path) -> PortraitFiles:
    source = folder / "view.png"
    Image.fromarray(pixels).save(source)
    height, width = pixels.shape[:2]
    view = Asset("0", AssetKind.IMAGE, "image/png", 1, width, height)
    draft = SubjectDraft("Ada", "", SubjectKind.IMAGE, (view,))
    return portraits.make(draft, lambda _: source, folder, lambda: False)


def test_a_person_is_cut_out_and_has_joints(portraits: PortraitMaker, tmp_path: Path) -> None:
    found = of_picture(portraits, data.astronaut(), tmp_path)
    assert found.views == ()
    assert found.cutout is not None
    with Image.open(found.cutout) as cutout:
        alpha = np.asarray(cutout.convert("RGBA"))[..., 3]
    assert 0.2 < (alpha > 250).mean() < 0.95
    assert (alpha < 5).mean() > 0.03
    nose_x, nose_y, seen = found.joints[Joint.NOSE]
    assert (nose_x, nose_y) == pytest.approx((224, 115), abs=15)  # of 512, by eye
    assert seen > 0.9
    assert len(found.joints) == 33
    with Image.open(found.thumbnail) as thumbnail:
        assert (thumbnail.size, thumbnail.format) == ((320, 320), "JPEG")


def test_joints_are_pixels_of_the_picture_however_large(
    portraits: PortraitMaker, tmp_path: Path
) -> None:
    large = np.asarray(Image.fromarray(data.astronaut()).resize((3072, 3072)))
    nose_x, nose_y, _ = of_picture(portraits, large, tmp_path).joints[Joint.NOSE]
    assert (nose_x / 6, nose_y / 6) == pytest.approx((224, 115), abs=15)


def test_a_place_has_neither(portraits: PortraitMaker, tmp_path: Path) -> None:
    found = of_picture(portraits, np.full((400, 600, 3), 90, np.uint8), tmp_path)
    assert (found.cutout, found.joints) == (None, ())


def test_a_video_gives_three_views_of_three_moments(
    portraits: PortraitMaker, tmp_path: Path
) -> None:
    about = facts(WALKING)
    video = Asset("0", AssetKind.VIDEO, "video/mp4", 1, about.width, about.height, 3.0)
    draft = SubjectDraft("Ada", "", SubjectKind.VIDEO, video=video)
    found = portraits.make(draft, lambda _: WALKING, tmp_path, lambda: False)
    shown = [np.asarray(Image.open(view))[::4, ::4].astype(int) for view in found.views]
    played = {
        number: frame[::4, ::4].astype(int)
        for number, frame in enumerate(frames(WALKING))
        if number % 4 == 0 or number in (0, 8, 16, 24, 32, 40, 49, 57, 65, 73, 81, 89)
    }
    numbers = [
        min((float(np.abs(view - frame).mean()), number) for number, frame in played.items())
        for view in shown
    ]
    assert len(numbers) == 3
    assert all(difference < 0.5 for difference, _ in numbers)  # they are frames of it
    assert {3 * number // 90 for _, number in numbers} == {0, 1, 2}
    assert len(found.joints) == 33


def test_who_cancels_waits_for_no_portrait(portraits: PortraitMaker, tmp_path: Path) -> None:
    view = Asset("0", AssetKind.IMAGE, "image/png", 1, 8, 8)
    draft = SubjectDraft("Ada", "", SubjectKind.IMAGE, (view,))
    with pytest.raises(Stopped):
        portraits.make(draft, lambda _: tmp_path, tmp_path, lambda: True)
