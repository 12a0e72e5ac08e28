"""The animatic engine itself: from a storyboard to frames, one shot after the other.

What draws is imported when something is drawn: the API process asks :meth:`unsupported` only,
and needs none of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from kirin.domain.callbacks import Cancelled, Progress, ReadAsset
from kirin.domain.frame import Frame
from kirin.domain.intent import Intent
from kirin.domain.soundtrack import Copied, Samples, Soundtrack
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.base import Clip, UnsupportedFeature
from kirin.errors import Stopped
from kirin.memory import trim

if TYPE_CHECKING:
    from kirin.engines.animatic.soundtrack import ShotSound
    from kirin.vision.matting.segmenter import Segmenter
    from kirin.vision.pose.estimator import PoseEstimator

PREPARATION = 40
"""How many frames the preparation of a shot counts for in the progress: about two seconds."""

Check = Callable[[], None]
"""Called between the steps of a preparation; raises ``Stopped`` once the task is cancelled."""


class Take(Protocol):
    """A shot that is ready to be drawn."""

    @property
    def notes(self) -> dict[str, Any]:
        """How it is made, for the metadata."""
        ...

    def frame(self, index: int) -> Frame:
        """Draw a frame; they are asked for in order."""
        ...


class AnimaticEngine:
    """Moves a camera over pictures and procedural scenes, on the CPU."""

    name = "animatic"

    def __init__(self) -> None:
        self._segmenter: Segmenter | None = None
        self._estimator: PoseEstimator | None = None

    def unsupported(self, storyboard: Storyboard) -> list[UnsupportedFeature]:
        """What this engine has no means for."""
        shots = storyboard.shots
        reasons = []
        if storyboard.driving and (len(shots) > 1 or shots[0].first is None or shots[0].last):
            message = "the animatic engine moves the character of one first picture in one shot"
            reasons.append(UnsupportedFeature("driving", message))
        for field, brushed in (
            ("shots.strokes", [shot for shot in shots if shot.strokes]),
            ("shots.still", [shot for shot in shots if shot.still]),
        ):
            if any(shot.first is None or shot.last for shot in brushed):
                message = "the animatic engine moves parts of a first picture, without a last one"
                reasons.append(UnsupportedFeature(field, message))
        reasons += [UnsupportedFeature("shots.references", message) for message in _beyond(shots)]
        return reasons

    def render(
        self, storyboard: Storyboard, read: ReadAsset, progress: Progress, cancelled: Cancelled
    ) -> Clip:
        """Each shot is prepared when its first frame is asked for; the notes grow with them."""
        from kirin.engines.animatic.intents import read_intents

        notes: dict[str, Any] = {}
        cuts = (0, *storyboard.cuts())
        lengths = [end - start for start, end in itertools.pairwise(cuts)]
        watch = _Watch(lengths, progress, cancelled)
        driving = storyboard.driving
        copied = driving is not None and driving.keep_sound and driving.video.has_audio
        intents = read_intents(storyboard, synthesised=storyboard.sound and not copied)
        audio: Soundtrack | None = None
        sounds = None
        if driving and copied:
            audio = Copied(read(driving.video))
        elif storyboard.sound:
            from kirin.engines.animatic.soundtrack import plan_sounds, synthesise

            sounds = plan_sounds(intents)
            audio = Samples(synthesise(storyboard, sounds, watch.check))
        return Clip(
            width=storyboard.width,
            height=storyboard.height,
            fps=storyboard.fps,
            frame_count=storyboard.frame_count,
            frames=self._frames(storyboard, intents, lengths, read, watch, notes, sounds),
            audio=audio,
            notes=notes,
        )

    def _frames(
        self,
        storyboard: Storyboard,
        intents: Sequence[Intent],
        lengths: Sequence[int],
        read: ReadAsset,
        watch: _Watch,
        notes: dict[str, Any],
        sounds: Sequence[ShotSound] | None,
    ) -> Iterator[Frame]:
        for index, length in enumerate(lengths):
            if not length:  # less than a frame is not seen
                continue
            told = notes
            if len(lengths) > 1:
                told = {}
                notes.setdefault("shots", []).append(told)
            if sounds:
                told["sound"] = sounds[index].notes
            yield from self._shot(storyboard, intents[index], index, length, read, watch, told)

    def _shot(
        self,
        storyboard: Storyboard,
        intent: Intent,
        index: int,
        count: int,
        read: ReadAsset,
        watch: _Watch,
        notes: dict[str, Any],
    ) -> Iterator[Frame]:
        """One shot's frames. What it holds in memory is freed before the next is prepared."""
        watch.check()
        take = self._prepare(storyboard, intent, index, count, read, watch.check)
        trim()
        notes.update(take.notes)
        watch.done(PREPARATION)
        for number in range(count):
            watch.check()
            yield take.frame(number)
            watch.done(1)

    def _prepare(
        self,
        storyboard: Storyboard,
        intent: Intent,
        index: int,
        count: int,
        read: ReadAsset,
        check: Check,
    ) -> Take:
        import cv2

        from kirin.engines.animatic.camera.path import path

        # One thread draws and one encodes: more threads only wait for each other.
        cv2.setNumThreads(1)
        shot = storyboard.shots[index]
        if storyboard.driving:
            from kirin.engines.animatic.puppet.takes import PuppetTake

            tools = self._find_people(), self._find_subjects()
            return PuppetTake(storyboard, shot, storyboard.driving, read, *tools, check)
        seed = storyboard.seed + index
        direction = intent.camera
        poses = path(direction, count, storyboard.fps, storyboard.guidance, seed)
        if shot.references:
            from kirin.engines.animatic.composition.composition import CompositionTake

            pictures = [[read(view) for view in each.views] for each in shot.references]
            picture = shot.first or shot.last
            base = None
            if shot.last:  # which must be seen as it is
                alone = replace(shot, references=())
                shots = (*storyboard.shots[:index], alone, *storyboard.shots[index + 1 :])
                without = replace(storyboard, shots=shots)
                base = self._prepare(without, intent, index, count, read, check)
            return CompositionTake(
                storyboard,
                shot,
                pictures,
                read(picture) if picture else None,
                intent,
                poses,
                self._find_subjects(),
                check,
                base,
            )
        if shot.first and (shot.strokes or shot.still):
            from kirin.engines.animatic.brush.takes import BrushTake, HoldTake

            kind = BrushTake if shot.strokes else HoldTake
            return kind(storyboard, shot, shot.first, read, direction, poses, check)
        if shot.first and shot.last:
            from kirin.engines.animatic.transition.takes import BetweenTake

            pair = read(shot.first), read(shot.last)
            subjects = self._find_subjects()
            return BetweenTake(storyboard, pair, count, direction, subjects, check)

        from kirin.engines.animatic.takes import ArrivalTake, PhotoTake, SceneTake

        if picture := shot.first or shot.last:
            film = PhotoTake if shot.first else ArrivalTake
            subjects = self._find_subjects()
            return film(storyboard, read(picture), direction, poses, subjects, check)
        return SceneTake(storyboard, intent, poses)

    def _find_subjects(self) -> Segmenter:
        from kirin.vision.matting.segmenter import Segmenter

        if self._segmenter is None:
            self._segmenter = Segmenter()
        return self._segmenter

    def _find_people(self) -> PoseEstimator:
        from kirin.vision.pose.estimator import PoseEstimator

        if self._estimator is None:
            self._estimator = PoseEstimator()
        return self._estimator


def _beyond(shots: Sequence[Shot]) -> list[str]:
    """What about the references of shots cannot be done."""
    unseen = {each.name for shot in shots for each in shot.references if not each.views}
    messages = [
        f"the animatic engine needs pictures of a subject, and {name or 'one'} has only a video"
        for name in sorted(unseen)
    ]
    if any(shot.references and (shot.strokes or shot.still) for shot in shots):
        messages.append("the animatic engine composes no subjects into a picture with a brush")
    return messages


class _Watch:
    """Tells the progress, and asks whether to go on."""

    def __init__(self, lengths: Sequence[int], progress: Progress, cancelled: Cancelled) -> None:
        self._progress = progress
        self._cancelled = cancelled
        self._whole = sum(length + PREPARATION for length in lengths if length)
        self._done = 0

    def check(self) -> None:
        """Raise ``Stopped`` if the task was cancelled."""
        if self._cancelled():
            raise Stopped

    def done(self, frames: int) -> None:
        """Count work that has been done, in frames."""
        self._done += frames
        self._progress(self._done / self._whole)
