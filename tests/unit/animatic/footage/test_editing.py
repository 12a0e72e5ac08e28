"""A given video edited: what is laid over it, what stays, and what is refused by name."""

from __future__ import annotations

from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest

from kirin.domain.footage import FootageUse
from kirin.domain.soundtrack import Copied
from kirin.domain.storyboard import Storyboard
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.animatic.footage.frames import FootageFrames, frame_moments
from kirin.errors import InputsRefused
from support.footage import FPS, SIZE, board, clip, drawn, film, luma

PAN = 0.5


@pytest.fixture(scope="module")
def pan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of a pan to the right, with sound."""
    path = tmp_path_factory.mktemp("pan") / "pan.mp4"
    return film(path, lambda t: (PAN * (t - 0.5), 0, 1, 0), sound=True)


def edit(path: Path, prompt: str, **changes: object) -> Storyboard:
    return board(path, prompt, FootageUse.BASE, **changes)


def source(path: Path, count: int) -> list[np.ndarray]:
    frames = FootageFrames(path, frame_moments(count, float(FPS)), SIZE)
    return [luma(frames.frame(number)) for number in range(count)]


def test_snow_falls_over_the_moving_video(pan: Path) -> None:  # OMN-11
    frames, notes = drawn(edit(pan, "it starts to snow in <<<video_1>>>"))
    own = source(pan, len(frames))
    begins = round(0.2 * len(frames))
    for number in range(begins):
        assert np.array_equal(luma(frames[number]), own[number])
    late = range(len(frames) - 12, len(frames))
    changed = [np.abs(luma(frames[number]) - own[number]) for number in late]
    flakes = [float((each > 12).mean()) for each in changed]
    assert min(flakes) > 0.002
    assert max(flakes) < 0.3
    # Between the flakes the video is itself, and moves as it did.
    for difference in changed:
        untouched = difference[difference <= 12]
        assert (untouched == 0).mean() > 0.8
    positions = [set(map(tuple, np.argwhere(each > 12)[::7])) for each in changed]
    assert all(len(a & b) < 0.5 * len(a) for a, b in pairwise(positions))
    (snow,) = notes["motion"]["understood"]
    assert (snow["what"], snow["from"]) == ("snow", 0.2)
    assert notes["motion"]["missing"] == []


def test_what_is_in_the_video_from_the_start_does_not_come_in(pan: Path) -> None:
    frames, _ = drawn(edit(pan, "heavy rain in <<<video_1>>>"))
    own = source(pan, len(frames))
    shares = [float((np.abs(luma(f) - o) > 6).mean()) for f, o in zip(frames, own, strict=True)]
    assert shares[0] > 0.5 * float(np.median(shares))


def test_at_night_it_is_darker_from_the_first_frame_on(pan: Path) -> None:
    frames, notes = drawn(edit(pan, "at night"))
    own = source(pan, len(frames))
    ratios = [(luma(f).mean() - 16) / (o.mean() - 16) for f, o in zip(frames, own, strict=True)]
    assert max(ratios) < 0.6
    # The light is told anew every second, and may not flicker between.
    assert max(abs(b - a) for a, b in pairwise(ratios)) < 0.03
    (night,) = notes["motion"]["understood"]
    assert (night["motion"], night["from"], night["to"]) == ("night", 0.0, 1.0)


def test_night_that_falls_takes_its_time(pan: Path) -> None:
    frames, _ = drawn(edit(pan, "night falls"))
    assert luma(frames[0]).mean() > 1.5 * luma(frames[-1]).mean()


def test_a_style_is_laid_over_every_frame(pan: Path) -> None:
    frames, notes = drawn(edit(pan, "make it black and white"))
    assert notes["scene"]["styles"] == ["black_and_white"]
    for frame in (frames[0], frames[-1]):
        chroma = frame[frame.shape[0] * 2 // 3 :].astype(int)
        assert np.abs(chroma - 128).max() <= 4


@pytest.mark.parametrize("style", ["watercolour", "pastel", "low poly"])
def test_snow_is_seen_in_a_style_that_smooths(pan: Path, style: str) -> None:
    number = 40

    def one(prompt: str) -> np.ndarray:
        return luma(next(islice(clip(edit(pan, prompt)).frames, number, None)))

    snow = one("it snows in <<<video_1>>>") - source(pan, number + 1)[number]
    flakes = snow > 30
    assert flakes.sum() > 40
    laid = one(f"it snows in <<<video_1>>>, {style}") - one(style)
    dark = laid[flakes & (one(style) < 190)]
    assert np.median(dark) > 20  # on paper that is white nothing is whiter
    assert abs(np.median(laid[np.abs(snow) < 2])) < 3


def test_a_painted_night_is_as_light_as_a_night(pan: Path) -> None:
    dark = film(pan.with_name("dark.mp4"), lambda t: (0.1 * t, 0, 1, 0), seconds=1, light=90)
    bare, painted = (
        luma(next(iter(clip(edit(dark, prompt)).frames))).mean()
        for prompt in ("at night", "at night, oil painting")
    )
    assert bare < 45
    assert painted > bare - 2


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("Remove the car", "remove the car"),
        ("Replace the man's face with <<<image_1>>>", "replace the man's face with image_1"),
        ("Change the car's colour to red", "change the car's colour to red"),
        ("the woman smiles", "smiles"),
        ("a quiet street", "a quiet street"),
        ("删除<<<video_1>>>中的汽车", "删除 video_1 中的汽车"),
        ("slow push in", "push in"),
    ],
)
def test_an_edit_of_which_nothing_can_be_done_is_refused_by_name(
    pan: Path, prompt: str, words: str
) -> None:  # OMN-11
    asked = edit(pan, prompt)
    (reason,) = AnimaticEngine().unsupported(asked)
    assert reason.field == "shots.prompt"
    assert f"'{words}'" in reason.message
    with pytest.raises(InputsRefused) as refused:
        next(iter(clip(asked).frames))
    assert f"'{words}'" in str(refused.value)
    assert refused.value.field == "shots.prompt"


def test_what_cannot_be_done_beside_what_can_is_told(pan: Path) -> None:  # OMN-11
    asked = edit(pan, "Make it night, remove the car and add a dog. Slow push in.")
    assert AnimaticEngine().unsupported(asked) == []
    made = clip(asked)
    frame = next(iter(made.frames))
    assert luma(frame).mean() < 80
    missing = made.notes["footage"]["missing"]
    assert [each["word"] for each in missing] == ["remove the car", "slow", "push in"]
    assert [each["word"] for each in made.notes["motion"]["understood"]] == ["make it night", "dog"]
    assert {"word": "push in", "kind": "camera"} in missing


@pytest.mark.parametrize(("keep", "sound"), [(True, "kept"), (False, "not kept")])
def test_the_videos_own_sound(pan: Path, keep: bool, sound: str) -> None:  # OMN-3
    made = clip(edit(pan, "at night", keep_sound=keep))
    assert isinstance(made.audio, Copied) == keep
    if isinstance(made.audio, Copied):
        assert made.audio.path == pan
    next(iter(made.frames))
    assert made.notes["footage"]["sound"] == sound


def test_a_video_without_sound_has_none_to_keep(tmp_path: Path) -> None:  # OMN-3
    silent = film(tmp_path / "silent.mp4", lambda _: (0, 0, 1, 0), seconds=0.5)
    made = clip(edit(silent, "at night", keep_sound=True))
    assert made.audio is None
    next(iter(made.frames))
    assert made.notes["footage"]["sound"] == "the video has none"


def test_the_camera_of_the_video_is_told(pan: Path) -> None:  # OMN-11
    made = clip(edit(pan, "it snows"))
    next(iter(made.frames))
    camera = made.notes["footage"]["camera"]
    assert camera["moves"] == ["pan_right"]
    assert camera["right"] == pytest.approx(PAN, rel=0.06)


def test_frames_can_be_asked_for_again(pan: Path) -> None:
    frames = FootageFrames(pan, frame_moments(20, float(FPS)), SIZE)
    first, tenth = frames.frame(0).copy(), frames.frame(10).copy()
    assert np.array_equal(frames.frame(0), first)
    assert np.array_equal(frames.frame(10), tenth)
    assert not np.array_equal(first, tenth)


@pytest.mark.usefixtures("looked_at_anew")
def test_the_same_seed_gives_the_same_pixels(pan: Path) -> None:
    one, two = (clip(edit(pan, "heavy snow at dusk")) for _ in range(2))
    for _ in range(3):
        assert np.array_equal(next(iter(one.frames)), next(iter(two.frames)))
