"""Each open model makes a real file, by tiny weights of its own classes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

pytest.importorskip("diffusers", reason="torch and diffusers are missing: make test-diffusion")

from kirin.domain.storyboard import Point, Reference, Shot, Stroke
from kirin.engines.diffusion.adapters.wan import decode_latents
from kirin.engines.diffusion.engine import DiffusionEngine
from kirin.engines.diffusion.model_spec import Capability
from kirin.engines.diffusion.runtime import RuntimeConfiguration
from kirin.errors import Stopped
from kirin.media.decode import facts
from support.studio import MODELS, Call, Studio, board, pixels

RED, BLUE = (200, 30, 30), (30, 30, 200)


def asked(studio: Studio, words: str) -> dict[str, Any]:
    """The pictures that the words name, as fields of a shot."""
    red, blue = studio.picture("red", RED), studio.picture("blue", BLUE)
    every = {
        "first": red,
        "last": blue,
        "references": (Reference("cat", (red, blue)),),
        "strokes": (Stroke(studio.mask("left", 0, 30), (Point(15, 30), Point(45, 40))),),
        "still": studio.mask("right", 40, 60),
    }
    if "driving" in words:
        every["driving"] = studio.driver("walk.mp4")
    return {word: every[word] for word in words.split()}


CASES = [
    ("wan2.2-ti2v-5b", ""),
    ("wan2.2-ti2v-5b", "first"),
    ("wan2.2-t2v-a14b", ""),
    ("wan2.2-i2v-a14b", "first"),
    ("wan2.1-flf2v-14b", "first last"),
    ("wan2.1-vace-14b", ""),
    ("wan2.1-vace-14b", "first"),
    ("wan2.1-vace-14b", "last"),
    ("wan2.1-vace-14b", "first last references"),
    ("wan2.1-vace-1.3b", "references"),
    ("ltx-2-19b", ""),
    ("ltx-2-19b", "first"),
    ("ltx-2-19b", "last"),
    ("ltx-2-19b", "first last"),
    ("wan-move-14b", "first"),
    ("wan-move-14b", "first strokes still"),
    ("wan2.2-animate-14b", "first driving"),
]


@pytest.mark.parametrize(("name", "given"), CASES)
def test_a_file_is_made(studio: Studio, name: str, given: str) -> None:
    fps = Fraction(24)
    unwanted = "fog" if MODELS[name].guidance else ""
    story = board(seconds=0.5, negative_prompt=unwanted, fps=fps, **asked(studio, given))
    path = studio.film(studio.engine(name), story)
    found = facts(path)
    assert (found.width, found.height, found.fps, found.frame_count) == (28, 28, fps, 12)
    assert (found.codec, found.has_audio) == ("h264", False)
    assert pixels(path).std() > 0.5
    assert studio.told == sorted(studio.told)
    assert 0 < studio.told[0] < studio.told[-1] <= 1


def test_every_model_is_among_them() -> None:
    assert {name for name, _ in CASES} == set(MODELS)


@pytest.mark.parametrize("name", ["wan2.2-ti2v-5b", "wan2.1-vace-14b", "ltx-2-19b"])
def test_the_same_seed_gives_the_same_bytes(studio: Studio, name: str) -> None:
    engine = studio.engine(name)
    first, again, other = (
        studio.film(engine, board(seed=seed), f"{number}.mp4").read_bytes()
        for number, seed in enumerate((5, 5, 6))
    )
    assert first == again
    assert first != other


def test_a_fresh_engine_gives_the_same_bytes(studio: Studio) -> None:
    first, again = (
        studio.film(studio.fresh("wan2.2-ti2v-5b"), board(), f"{number}.mp4").read_bytes()
        for number in range(2)
    )
    assert first == again


@pytest.mark.parametrize(
    ("name", "field", "others"),
    [
        ("wan2.2-ti2v-5b", "first", ""),
        ("wan2.2-i2v-a14b", "first", ""),
        ("wan2.1-flf2v-14b", "first", "last"),
        ("wan2.1-flf2v-14b", "last", "first"),
        ("wan2.1-vace-14b", "first", ""),
        ("wan2.1-vace-14b", "last", "first"),
        ("wan2.1-vace-14b", "references", "first"),
        ("ltx-2-19b", "first", ""),
        ("ltx-2-19b", "last", "first"),
        ("wan-move-14b", "first", "strokes"),
        ("wan-move-14b", "strokes", "first"),
        ("wan-move-14b", "still", "first strokes"),
        ("wan2.2-animate-14b", "first", "driving"),
        ("wan2.2-animate-14b", "driving", "first"),
    ],
)
def test_each_picture_counts(
    studio: Studio, calls: list[Call], name: str, field: str, others: str
) -> None:
    """By latents, since tiny weights change colours less than a step of eight bits."""
    engine = studio.engine(name)
    given = asked(studio, f"{field} {others}")
    green = studio.picture("green", (30, 220, 30))
    elsewhere = studio.mask("elsewhere", 20, 50)
    changed = {
        "references": (Reference("cat", (green, green)),),
        "strokes": (Stroke(elsewhere, (Point(15, 30), Point(45, 40))),),
        "still": elsewhere,
        "driving": studio.driver("back.mp4", reverse=True),
    }.get(field, green)
    for pictures in (given, {**given, field: changed}):
        next(studio.clip(engine, board(**pictures)).frames)
    one, two = (call.result.frames for call in calls)
    assert (one - two).abs().max() > 0


@pytest.mark.parametrize(
    "change",
    [{"prompt": "a mountain"}, {"negative_prompt": "fog"}, {"guidance": 0.9}],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("name", ["wan2.2-ti2v-5b", "wan2.2-t2v-a14b", "ltx-2-19b"])
def test_each_wish_counts(
    studio: Studio, calls: list[Call], name: str, change: dict[str, Any]
) -> None:
    engine = studio.engine(name)
    for wishes in ({}, change):
        next(studio.clip(engine, board(**wishes)).frames)
    one, two = (call.result.frames for call in calls)
    assert (one - two).abs().max() > 0


class TestShots:
    def test_each_is_made_and_they_follow_each_other(self, studio: Studio) -> None:
        first = studio.picture("red", RED)
        shots = (Shot("one", 0.25), Shot("two", 0.2, first=first), Shot("three", 0.3))
        clip = studio.clip(studio.engine("wan2.2-ti2v-5b"), board(shots=shots))
        assert len(list(clip.frames)) == clip.frame_count == 18
        told = clip.notes["shots"]
        assert [len(each["generations"]) for each in told] == [1, 1, 1]
        assert [each["generations"][0]["seed"] for each in told] == [3, 4, 5]

    def test_a_long_one_is_chained_by_its_last_frame(
        self, studio: Studio, calls: list[Call]
    ) -> None:
        engine = studio.engine("wan2.2-ti2v-5b")
        frames = list(studio.clip(engine, board(seconds=20 / 24)).frames)
        assert len(frames) == 20
        asked = [call.arguments for call in calls]
        assert [each["num_frames"] for each in asked] == [9, 9, 5]
        assert "image" not in asked[0]
        for earlier, each in pairwise(range(3)):
            whole = list(
                decode_latents(calls[earlier].pipe.vae, calls[earlier].result.frames, False)
            )
            given = np.asarray(asked[each]["image"]).astype(int)
            assert np.abs(given - whole[-1]).max() <= 1


class TestSound:
    def test_is_as_long_as_the_picture(self, studio: Studio) -> None:
        story = board(seconds=0.75, sound=True)
        path = studio.film(studio.engine("ltx-2-19b"), story)
        found = facts(path)
        assert found.has_audio
        assert found.frame_count == 18

    def test_is_heard_from_the_first_shot_to_the_last(self, studio: Studio) -> None:
        shots = (Shot("one", 0.5), Shot("two", 0.5))
        clip = studio.clip(studio.engine("ltx-2-19b"), board(shots=shots, sound=True))
        assert len(list(clip.frames)) == 24
        assert clip.audio
        track, blocks = np.zeros((2, 0)), clip.audio.blocks
        while track.shape[1] < 48_000:
            track = np.concatenate([track, next(blocks)], 1)
        halves = track[:, :24_000], track[:, 24_000:48_000]
        assert all(half.std() > 1e-4 for half in halves)


class TestCancelling:
    @pytest.mark.parametrize("name", ["wan2.2-ti2v-5b", "wan2.1-vace-14b", "ltx-2-19b"])
    def test_ends_between_two_steps(self, studio: Studio, name: str) -> None:
        engine = studio.engine(name, steps=6)
        studio.stop = lambda: len(studio.told) >= 2
        clip = studio.clip(engine, board())
        with pytest.raises(Stopped):
            next(clip.frames)
        assert len(studio.told) == 2
        studio.stop = lambda: False
        assert len(list(studio.clip(engine, board()).frames)) == 6

    def test_ends_while_frames_are_decoded(self, studio: Studio) -> None:
        engine = studio.engine("wan2.2-ti2v-5b")
        frames = studio.clip(engine, board()).frames
        next(frames)
        studio.stop = lambda: True
        with pytest.raises(Stopped):
            next(frames)
        studio.stop = lambda: False
        assert len(list(studio.clip(engine, board()).frames)) == 6

    def test_ends_while_another_video_has_the_device(self, studio: Studio) -> None:
        engine = studio.engine("wan2.2-ti2v-5b")
        holding = studio.clip(engine, board()).frames
        next(holding)
        waiting = studio.clip(engine, board()).frames
        studio.stop = lambda: True
        with pytest.raises(Stopped):
            next(waiting)
        holding.close()


def test_notes_tell_how_it_was_made(studio: Studio) -> None:
    engine = studio.fresh("wan2.1-flf2v-14b")
    story = board(**asked(studio, "first last"))
    cold, warm = studio.clip(engine, story), studio.clip(engine, story)
    for clip in (cold, warm):
        list(clip.frames)
    assert cold.notes == {
        "method": "diffusion",
        "open_model": "wan2.1-flf2v-14b",
        "steps": 2,
        "guidance_scale": 5.5,
        "generations": [{"frames": 5, "seed": 3}],
        "made": {"width": 32, "height": 32, "fps": 16.0, "frames": 5},
        "interpolation": "motion between frames (RIFE)",
        "stretched": "to end with the last frame",
        "warm": False,
        "placement": "resident",
    }
    assert warm.notes["warm"]


def test_a_distilled_model_is_not_guided(studio: Studio, calls: list[Call]) -> None:
    model = studio.model("wan2.2-ti2v-5b")
    free = replace(
        model, guidance=None, capabilities=model.capabilities - {Capability.NEGATIVE_PROMPT}
    )
    engine = DiffusionEngine(studio.store, [free], 80, runtime=RuntimeConfiguration("cpu"))
    next(studio.clip(engine, board()).frames)
    assert calls[0].arguments["guidance_scale"] == 1
    assert "negative_prompt" not in calls[0].arguments
