"""What every engine must do, as tests that the package of an engine inherits."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.frame import Frame
from kirin.domain.soundtrack import Samples
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.base import Clip, Engine, UnsupportedFeature
from kirin.engines.plugin_check import engine_problem
from kirin.errors import Stopped, TaskError
from kirin.testing.storyboards import SECONDS, picture, storyboard

NAME = re.compile(r"[a-z][a-z0-9_-]*")


class EngineContract:
    """The tests. A subclass whose name begins with ``Test`` says which engine they are for.

    It may say more where an engine is choosy: which storyboards it renders, and after how many
    frames it notices that it was cancelled.
    """

    frames_after_cancelling = 2
    """How many frames an engine may still hand over once its task is cancelled."""

    def engine(self) -> Engine:
        """A new engine."""
        raise NotImplementedError("a subclass returns its engine here")

    def rendered(self) -> Sequence[Storyboard]:
        """Storyboards that the engine renders; the cheaper, the quicker the tests."""
        return [storyboard()]

    def asked(self) -> Sequence[Storyboard]:
        """Storyboards of many kinds, whether the engine renders them or says why not."""
        announced = Asset.announced(AssetKind.IMAGE)
        two = (Shot("a boat at sea", SECONDS / 2), Shot("a red kite in the sky", SECONDS / 2))
        return [
            *self.rendered(),
            storyboard(*two),
            storyboard(Shot("it turns", SECONDS, first=announced)),
            storyboard(Shot("it turns", SECONDS, first=announced, last=announced)),
            storyboard(sound=True),
            storyboard(negative_prompt="people"),
            storyboard(width=96, height=160),
        ]

    def test_it_has_what_kirin_calls(self) -> None:
        """Its name is a word, and its methods take what they are given."""
        name = self.engine().name
        assert NAME.fullmatch(name), f"{name!r}: small letters, digits, _ and -"
        problem = engine_problem(name, self.engine())
        assert problem is None, problem

    def test_it_says_what_it_cannot_do(self) -> None:
        """Each refusal names a field of the storyboard and why; asked twice, it says the same."""
        engine = self.engine()
        for asked in self.asked():
            refused = engine.unsupported(asked)
            assert refused == engine.unsupported(asked), "asked twice, it says something else"
            for feature in refused:
                assert isinstance(feature, UnsupportedFeature), feature
                assert feature.message.strip(), f"{feature.field}: it must say why"
                assert is_field(feature.field), f"{feature.field!r} is no field of a storyboard"

    def test_what_it_does_not_refuse_it_renders(self) -> None:
        """Capabilities are truthful: all that is asked for and not refused becomes a video."""
        engine = self.engine()
        for wanted in self.rendered():
            assert engine.unsupported(wanted) == [], "rendered() has what the engine refuses"
        with tempfile.TemporaryDirectory() as folder:
            asset, file = picture(Path(folder))
            for asked in self.asked():
                real = with_picture(asked, asset)
                if not engine.unsupported(real):
                    made = self.render(real, read=lambda _: file)
                    assert made.clip.audio is None or asked.sound, "sound that nobody asked for"
                    assert made.clip.audio is not None or not asked.sound, "no sound, unrefused"

    def test_frames_have_the_size_and_count_asked_for(self) -> None:
        """I420 of the storyboard's size; as many as its seconds and rate come to."""
        for wanted in self.rendered():
            made = self.render(wanted)
            clip, shape = made.clip, (wanted.height * 3 // 2, wanted.width)
            assert (clip.width, clip.height) == (wanted.width, wanted.height)
            assert clip.fps == wanted.fps
            assert clip.frame_count == wanted.frame_count
            assert len(made.frames) == wanted.frame_count
            for frame in made.frames:
                assert frame.dtype == np.uint8
                assert frame.shape == shape
                assert frame.flags.c_contiguous

    def test_frames_stay_as_they_were_handed_over(self) -> None:
        """Whoever gets a frame may keep it: the engine never writes into it again."""
        made = self.render(self.rendered()[0], keep_copies=True)
        for frame, copy in zip(made.frames, made.copies, strict=True):
            assert np.array_equal(frame, copy)

    def test_the_same_seed_gives_the_same_frames(self) -> None:
        """Twice with one engine, once with a new one, and with another video between frames."""
        engine, wanted = self.engine(), self.rendered()[0]
        first = self.render(wanted, engine).frames
        other = dataclasses.replace(wanted, seed=wanted.seed + 1)
        between = engine.render(other, no_asset, lambda _: None, lambda: False).frames
        again = []
        for frame in engine.render(wanted, no_asset, lambda _: None, lambda: False).frames:
            next(between, None)
            again.append(frame)
        close(between)
        fresh = self.render(wanted).frames
        for one, two, three in zip(first, again, fresh, strict=True):
            assert np.array_equal(one, two), "another video between has changed it"
            assert np.array_equal(one, three), "a new engine renders something else"

    def test_progress_grows(self) -> None:
        """From 0 to 1, told more than once, never backwards."""
        told = self.render(self.rendered()[0]).progress
        assert len(told) > 1, "progress must be told while it is rendered"
        assert all(0 <= share <= 1 for share in told), told
        assert all(one <= two for one, two in itertools.pairwise(told)), told
        assert told[-1] > told[0]

    def test_it_stops_before_it_begins(self) -> None:
        """Of a task that is cancelled already, no frame is made."""
        frames = self.stopped_after(0)
        assert frames is not None, "it must raise kirin.errors.Stopped"
        assert frames <= self.frames_after_cancelling

    def test_it_stops_on_the_way(self) -> None:
        """Cancelled after a frame, it raises ``Stopped`` within a few more."""
        frames = self.stopped_after(1)
        assert frames is not None, "it must raise kirin.errors.Stopped"
        assert frames <= 1 + self.frames_after_cancelling

    def test_it_can_be_left_and_used_again(self) -> None:
        """Frames that nobody wants any more are closed; the engine goes on with the next video."""
        engine, wanted = self.engine(), self.rendered()[0]
        frames = engine.render(wanted, no_asset, lambda _: None, lambda: False).frames
        next(frames)
        close(frames)
        assert len(self.render(wanted, engine).frames) == wanted.frame_count

    def test_its_notes_are_json(self) -> None:
        """They go into the task's metadata."""
        notes = dict(self.render(self.rendered()[0]).clip.notes)
        assert json.loads(json.dumps(notes)) == notes

    def test_its_errors_are_for_people(self) -> None:
        """A picture that is none ends as a ``TaskError``, and no bug."""
        engine = self.engine()
        with tempfile.TemporaryDirectory() as folder:
            asset, file = picture(Path(folder))
            wanted = storyboard(Shot("it turns", SECONDS, first=asset))
            if engine.unsupported(wanted):
                return
            file.write_bytes(b"no picture at all")
            try:
                self.render(wanted, engine, read=lambda _: file)
            except TaskError as error:
                assert error.message.strip()

    def stopped_after(self, count: int) -> int | None:
        """How many frames came of a task that is cancelled after so many; ``None`` if it ended
        without ``Stopped``."""
        seen = 0
        try:
            clip = self.engine().render(
                self.rendered()[0], no_asset, lambda _: None, lambda: seen >= count
            )
            for _ in clip.frames:
                seen += 1
        except Stopped:
            return seen
        return None

    def render(
        self,
        wanted: Storyboard,
        engine: Engine | None = None,
        read: Callable[[Asset], Path] | None = None,
        *,
        keep_copies: bool = False,
    ) -> Rendered:
        """Render a whole video."""
        progress: list[float] = []
        clip = (engine or self.engine()).render(
            wanted, read or no_asset, progress.append, lambda: False
        )
        frames, copies = [], []
        for frame in clip.frames:
            frames.append(frame)
            if keep_copies:
                copies.append(frame.copy())
        if isinstance(clip.audio, Samples):
            for block in itertools.islice(clip.audio.blocks, 1):
                assert block.dtype == np.float32
                assert block.shape[0] == 2
        return Rendered(clip, frames, copies, progress)


@dataclasses.dataclass(frozen=True)
class Rendered:
    """A clip, and all that came of it."""

    clip: Clip
    frames: list[Frame]
    copies: list[Frame]
    progress: list[float]


def no_asset(asset: Asset) -> Path:
    """Reads nothing: the storyboard has no asset."""
    raise AssertionError(f"the storyboard has no asset {asset}")


def close(frames: Iterator[Frame]) -> None:
    """Close frames, where they are a generator or the like."""
    if callable(end := getattr(frames, "close", None)):
        end()


def with_picture(asked: Storyboard, asset: Asset) -> Storyboard:
    """A storyboard with a picture in place of each that is only announced."""
    shots = tuple(
        dataclasses.replace(shot, first=shot.first and asset, last=shot.last and asset)
        for shot in asked.shots
    )
    return dataclasses.replace(asked, shots=shots)


def is_field(path: str) -> bool:
    """Whether a dotted path names a field of a storyboard, or of its shots after ``shots.``."""
    head, _, rest = path.partition(".")
    fields = {field.name for field in dataclasses.fields(Storyboard)}
    if not rest:
        return head in fields
    return head in fields and (
        head != "shots" or rest.partition(".")[0] in {f.name for f in dataclasses.fields(Shot)}
    )
