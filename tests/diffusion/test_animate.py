"""Wan-Animate: poses and faces of a driver reach the pipeline, segment after segment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch and diffusers are missing: make test-diffusion")
pytest.importorskip("diffusers", reason="diffusers is missing: make test-diffusion")

from diffusers import AutoencoderKLWan
from PIL import Image

from kirin.domain.soundtrack import Copied
from kirin.engines.diffusion import video_generator
from kirin.engines.diffusion.adapters.animate import DEFAULT_PROMPT, SegmentPipeline
from kirin.engines.diffusion.driving import guide
from kirin.errors import Stopped
from support import tiny
from support.studio import Call, Studio, board

MODEL = "wan2.2-animate-14b"
FPS = Fraction(30)


def pictures(count: int, width: int, height: int) -> list[Image.Image]:
    """Pictures of noise."""
    chance = np.random.default_rng(count)
    shape = (count, height, width, 3)
    return [Image.fromarray(each) for each in chance.integers(0, 256, shape, np.uint8)]


def test_segments_follow_each_other_as_the_pipeline_s_own(studio: Studio) -> None:
    pipe = SegmentPipeline(**tiny.wan_animate().components)
    pipe.set_progress_bar_config(disable=True)
    poses, looks = pictures(17, 32, 32), pictures(17, 16, 16)
    usual: dict[str, Any] = {
        "image": pictures(1, 32, 32)[0],
        "prompt": "a walk",
        "width": 32,
        "height": 32,
        "segment_frame_length": 9,
        "num_inference_steps": 2,
        "output_type": "pt",
    }
    noise = torch.Generator().manual_seed(0)
    whole = pipe(**usual, pose_video=poses, face_video=looks, generator=noise).frames[0]
    noise = torch.Generator().manual_seed(0)
    first = pipe(**usual, pose_video=poses[:9], face_video=looks[:9], generator=noise).frames[0]
    last = (first[-1].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
    second = pipe(
        **usual, pose_video=poses[8:], face_video=looks[8:], generator=noise, previous=last
    ).frames[0]
    alone = pipe(**usual, pose_video=poses[8:], face_video=looks[8:], generator=noise).frames[0]
    joined = torch.cat([first, second[1:]])
    assert joined.shape == whole.shape
    # The last frame passes by way of eight bits.
    assert (joined - whole).abs().max() < 0.02
    assert (alone - second).abs().max() > 0


def test_the_pipeline_gets_a_picture_for_each_frame(studio: Studio, calls: list[Call]) -> None:
    first = studio.picture("red", (200, 30, 30))
    story = board(seconds=0.5, fps=FPS, prompt="", first=first, driving=studio.driver("walk.mp4"))
    clip = studio.clip(studio.engine(MODEL), story)
    assert len(list(clip.frames)) == 15
    one, two = (call.arguments for call in calls)
    for asked in (one, two):
        assert len(asked["pose_video"]) == len(asked["face_video"]) == 9
        assert asked["prompt"] == DEFAULT_PROMPT
        assert asked["guidance_scale"] == 1
        assert asked["pose_video"][0].size == asked["image"].size == (32, 32)
    assert "previous" not in one
    assert np.asarray(two["pose_video"][0]).tolist() == np.asarray(one["pose_video"][-1]).tolist()
    made = calls[0].result.frames[0, -1].permute(1, 2, 0).numpy() * 255
    assert np.abs(two["previous"] - made).max() <= 0.5
    assert np.asarray(two["image"]).tolist() == np.asarray(one["image"]).tolist()
    assert clip.notes["person_seen"] > 0.9
    assert clip.notes["retargeted"] is False  # the picture shows nobody


def test_a_slow_driver_is_followed_at_the_model_s_rate(studio: Studio, calls: list[Call]) -> None:
    first = studio.picture("red", (200, 30, 30))
    story = board(seconds=0.5, fps=Fraction(8), first=first, driving=studio.driver("walk.mp4"))
    clip = studio.clip(studio.engine(MODEL), story)
    assert len(list(clip.frames)) == 4
    assert clip.notes["made"]["fps"] == 16


def test_its_sound_is_kept_as_it_is(studio: Studio) -> None:
    driving = studio.driver("walk.mp4")
    sounding = replace(driving, video=replace(driving.video, has_audio=True))
    first = studio.picture("red", (200, 30, 30))
    for asked, kept in (
        (sounding, True),
        (replace(sounding, keep_sound=False), False),
        (driving, False),
    ):
        story = board(seconds=0.5, fps=FPS, first=first, driving=asked)
        assert isinstance(studio.clip(studio.engine(MODEL), story).audio, Copied) is kept


def test_cancelling_does_not_wait_for_the_decoder(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = studio.fresh(MODEL, steps=6)
    pose: list[int] = []
    usual = video_generator.call

    def call(pipe: Any, **arguments: Any) -> Any:
        pose.append(len(studio.told))
        return usual(pipe, **arguments)

    monkeypatch.setattr(video_generator, "call", call)
    first = studio.picture("red", (200, 30, 30))
    story = board(seconds=0.25, fps=FPS, first=first, driving=studio.driver("walk.mp4"))
    clip = studio.clip(engine, story)
    studio.stop = lambda: bool(pose) and len(studio.told) >= pose[0] + 2
    decoded: list[Any] = []
    monkeypatch.setattr(AutoencoderKLWan, "decode", lambda *given, **_: decoded.append(given))
    with pytest.raises(Stopped):
        next(clip.frames)
    assert not decoded
    assert len(studio.told) == pose[0] + 2


def test_progress_grows_while_the_driver_is_followed(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def track_video(video: Path, fps: Fraction, estimator: Any, check: Callable[[], None]) -> Any:
        for _ in range(30):  # the frames of the video, twice
            check()
        return followed(video, fps, estimator, lambda: None)

    followed = guide.track_video
    monkeypatch.setattr(guide, "track_video", track_video)
    first = studio.picture("red", (200, 30, 30))
    story = board(seconds=0.5, fps=FPS, first=first, driving=studio.driver("walk.mp4"))
    list(studio.clip(studio.engine(MODEL), story).frames)
    assert 0 < studio.told[0] < studio.told[29] < 0.5
    assert studio.told == sorted(studio.told)
    assert 0.9 < studio.told[-1] <= 1
