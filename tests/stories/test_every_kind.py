"""One video of each kind that the models can ask for, as a client sees it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from kirin.client import Kirin
from kirin.media.decode import facts
from support.cards import ELEMENTS, I2V, MULTI, T2V, V3
from support.films import Make, Video, assert_plays_anywhere, filmed
from support.motion import difference, motion, some_frames
from support.pictures import RGB, base64
from support.sound import heard


@pytest.fixture(scope="module")
def portrait() -> str:
    return base64(data.astronaut())


@pytest.fixture(scope="module")
def coffee() -> str:
    return base64(data.coffee())


def likeness(frame: RGB, pixels: RGB) -> float:
    """PSNR in dB of a decoded frame against a picture at its size."""
    height, width = frame.shape[:2]
    shown = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_CUBIC)
    error = np.mean((frame.astype(float) - shown) ** 2)
    return float(10 * np.log10(255**2 / error))


def test_a_painted_part_follows_its_path_and_another_holds_still(make: Make) -> None:  # I2V-6
    rng = np.random.default_rng(3)
    rough = rng.integers(60, 130, (36, 64), np.uint8)
    grey = cv2.resize(rough, (640, 360), interpolation=cv2.INTER_CUBIC)
    photo = np.stack([grey] * 3, axis=2)
    cv2.circle(photo, (160, 240), 40, (250, 40, 40), -1)
    moving, still = np.zeros((2, 360, 640), np.uint8)
    cv2.circle(moving, (160, 240), 44, 255, -1)
    still[:, 480:] = 255
    video = make(
        I2V,
        image=base64(photo),
        prompt="Static camera",
        static_mask=base64(still),
        dynamic_masks=[
            {
                "mask": base64(moving),
                # From the bottom left: 120 pixels to the right and 60 up.
                "trajectories": [{"x": 160, "y": 120}, {"x": 280, "y": 180}],
            }
        ],
    )
    assert_plays_anywhere(video.path, size=(1280, 720), fps=30, seconds=5)
    first, last = some_frames(video.path, 0, 149)

    def centre(frame: RGB) -> NDArray[np.float64]:
        red = (frame[..., 0] > 180) & (frame[..., 1] < 110)
        rows, columns = np.nonzero(red)
        return np.array([columns.mean(), rows.mean()])

    assert centre(first) == pytest.approx([320, 480], abs=2)
    assert centre(last) == pytest.approx([560, 360], abs=2)
    changed = np.abs(first[:, 980:].astype(int) - last[:, 980:])
    assert np.quantile(changed, 0.99) <= 4  # what the encoder does to it at this quality


def test_it_begins_with_one_picture_and_ends_with_the_other(
    make: Make, portrait: str
) -> None:  # I2V-2
    tail = np.ascontiguousarray(data.astronaut()[:, ::-1])
    video = make(I2V, image=portrait, image_tail=base64(tail))
    frames = facts(video.path).frame_count
    assert frames == 150
    first, middle, last = some_frames(video.path, 0, 75, 149)
    assert likeness(first, data.astronaut()) >= 35
    assert likeness(last, tail) >= 35
    assert likeness(middle, tail) < 30
    assert video.task["metadata"]["method"] in ("morph", "transition")


def test_several_subjects_stand_in_one_place(make: Make, portrait: str, coffee: str) -> None:
    # MUL-1 MUL-3
    video = make(
        MULTI,
        image_list=[{"image": portrait}, {"image": coffee}],
        prompt="together on a beach at sunset, the camera pushes in",
        aspect_ratio="9:16",
    )
    assert_plays_anywhere(video.path, size=(720, 1280), fps=24, seconds=5)
    told = video.task["metadata"]
    assert [each["use"] for each in told["subjects"]] == ["subject", "subject"]
    assert (told["scene"]["terrain"], told["scene"]["time"]) == ("sea", "sunset")
    first, last = some_frames(video.path, 0, 119)
    orange = (first[..., 0] > 180) & (first[..., 1] < 110) & (first[..., 2] < 90)
    assert orange.mean() > 0.02  # her suit
    assert motion(first, last).scale > 1.02


def test_shots_with_a_subject_and_sound(  # V3-3 V3-4 V3-5 V3-6
    make: Make, kirin: Kirin, portrait: str, coffee: str
) -> None:
    element = made(kirin, coffee)
    shots = [
        {"index": 2, "prompt": "<<<element_1>>> on a beach, waves", "duration": 1},
        {"index": 1, "prompt": "Static camera, a quiet room", "duration": "2"},
    ]
    video = make(
        V3,
        image=portrait,
        multi_shot=True,
        shot_type="customize",
        multi_prompt=shots,
        duration=3,
        sound="on",
        element_list=[{"element_id": element}],
    )
    assert_plays_anywhere(video.path, size=(960, 960), fps=24, seconds=3)
    first, second = video.task["metadata"]["shots"]
    assert "subjects" not in first  # the other shot mentions it
    assert [each["name"] for each in second["subjects"]] == ["a cup"]
    assert second["sound"]["ambience"] == ["waves"]
    before, after, on = some_frames(video.path, 47, 48, 49)
    assert difference(before, after) > 10 * difference(after, on)
    rate, sound = heard(video.path)
    assert (rate, sound.shape) == (48000, (2, 144000))
    assert np.abs(sound).max() > 0.05


def made(kirin: Kirin, picture: str) -> int:
    """The id of a subject that was made from a picture."""
    params = {
        "element_name": "a cup",
        "element_description": "red, on a saucer",
        "reference_type": "image_refer",
        "element_image_list": {
            "frontal_image": picture,
            "refer_images": [{"image_url": picture}],
        },
    }
    task = kirin.wait(kirin.create(ELEMENTS, params)["id"], timeout=60)
    content: dict[str, Any] = task["output"][0]["content"][0]
    return int(content["element_id"])


def test_a_tail_alone_is_where_it_arrives(make: Make, portrait: str) -> None:  # V3-1 V3-7
    video = make(V3, image_tail=portrait, prompt="The camera pans left", duration="3")
    assert_plays_anywhere(video.path, size=(960, 960), fps=24, seconds=3)
    first, last = some_frames(video.path, 0, 71)
    assert likeness(last, data.astronaut()) >= 35
    assert likeness(first, data.astronaut()) < 30
    with pytest.raises(LookupError):  # nobody asked for sound
        heard(video.path)


@pytest.fixture(scope="module")
def calm(kirin: Kirin, tmp_path_factory: pytest.TempPathFactory) -> Video:
    """A marked video of a stormy sea without what is stormy about it."""
    params = {
        "prompt": "a stormy sea, handheld",
        "negative_prompt": "rain, storm, camera shake",
        "watermark_info": {"enabled": True},
    }
    return filmed(kirin, tmp_path_factory.mktemp("calm"), T2V, params)


def test_the_mark_is_in_the_second_file_alone(calm: Video, kirin: Kirin) -> None:  # C-6 W-5
    marked = kirin.download(calm.task, calm.path.with_name("marked.mp4"), watermarked=True)
    assert facts(marked).frame_count == facts(calm.path).frame_count == 120
    for number in (0, 60, 119):
        (clean,), (other,) = (some_frames(path, number) for path in (calm.path, marked))
        differs = np.abs(clean.astype(int) - other).max(axis=2) > 24
        assert differs.any()
        assert differs.mean() < 0.05  # unobtrusive


def test_what_the_negative_prompt_names_is_gone(calm: Video) -> None:
    told = calm.task["metadata"]
    assert told["scene"]["weather"] not in ("rain", "storm")
    assert "handheld" not in calm.moves
