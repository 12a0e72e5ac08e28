"""The animatic engine: a storyboard rendered on the CPU, one shot after the other.

The API process only calls :meth:`AnimaticEngine.unsupported`. So the modules that render are
imported when a shot is rendered, and not with this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kirin.domain.callbacks import Cancelled, Progress, ReadAsset
from kirin.domain.footage import FootageUse
from kirin.domain.frame import Frame
from kirin.domain.intent import Intent
from kirin.domain.lips import LipSync
from kirin.domain.soundtrack import Copied, Samples, Soundtrack
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.foresight import ForeseenShot, Foresight
from kirin.engines.base import Clip, UnsupportedFeature
from kirin.errors import Stopped
from kirin.memory import trim
from kirin.vision.models import VisionModels

if TYPE_CHECKING:
    from kirin.engines.animatic.continuity import Continuity
    from kirin.engines.animatic.shot import ShotRenderer
    from kirin.engines.animatic.soundtrack import ShotSound

PREPARATION = 40
"""Frames that the preparation of a shot counts as in the progress: about two seconds of work."""

TRACKING = 1.2
"""Frames that to follow the person of a driving video counts as, for each frame of the clip."""


class AnimaticEngine:
    """Moves a camera over pictures and procedural scenes, on the CPU.

    Args:
        models: the neural networks to use; by default those that ship with this package.
    """

    name = "animatic"

    def __init__(self, models: VisionModels | None = None) -> None:
        self._models = models or VisionModels()
        self._foresight = Foresight(self._look)

    def unsupported(self, storyboard: Storyboard) -> list[UnsupportedFeature]:
        """Why this engine cannot render a storyboard; empty if it can."""
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
        if any(shot.camera and (storyboard.driving or shot.last) for shot in shots):
            message = "the animatic engine moves the camera over a first picture or a drawn scene"
            reasons.append(UnsupportedFeature("shots.camera", message))
        if storyboard.lips and (len(shots) > 1 or not shots[0].drawn or storyboard.driving):
            message = "the animatic engine lets faces speak in the one shot of their video"
            reasons.append(UnsupportedFeature("lips", message))
        if storyboard.footage:
            from kirin.engines.animatic.footage.edits import undoable

            if refusal := undoable(storyboard):
                reasons.append(UnsupportedFeature("shots.prompt", refusal))
        messages = _unsupported_references(shots)
        reasons += [UnsupportedFeature("shots.references", message) for message in messages]
        return reasons

    def preview(self, storyboard: Storyboard, read: ReadAsset | None = None) -> Mapping[str, Any]:
        """What the notes will say of the scene of each shot, and of the motion in its pictures."""
        if storyboard.lips:
            return {}
        from kirin.engines.animatic.preview import preview

        if read is None:
            return preview(storyboard)
        return preview(storyboard, lambda seen: self._foresight.motion(seen, read))

    def _look(
        self, seen: ForeseenShot, read: ReadAsset, check: Callable[[], None]
    ) -> dict[str, Any]:
        from kirin.engines.animatic.small_shot import find_motion

        return find_motion(seen, read, self._models, check)

    def warm_up(self, busy: Callable[[], bool]) -> None:
        """Render tiny videos, so that the first task does not wait for imports and compilation."""
        from kirin.engines.animatic.warm_up import warm_up

        warm_up(lambda board, read: self.render(board, read, lambda _: None, busy), busy)

    def render(
        self, storyboard: Storyboard, read: ReadAsset, progress: Progress, cancelled: Cancelled
    ) -> Clip:
        """Render lazily: each shot is prepared when its first frame is consumed.

        The clip's ``notes`` are filled in as the frames are consumed.
        """
        if storyboard.lips:
            return self._speak(storyboard, storyboard.lips, read, progress, cancelled)
        from kirin.engines.animatic.continuity import carry_over
        from kirin.engines.animatic.intents import read_intents

        notes: dict[str, Any] = {}
        lengths = storyboard.lengths()
        driving = storyboard.driving
        source = driving or storyboard.footage
        watch = _RenderProgress(lengths, progress, cancelled, tracked=source is not None)
        copied = source is not None and source.keep_sound and source.video.has_audio
        continuity = carry_over(storyboard)
        intents = read_intents(continuity, synthesised=storyboard.sound and not copied)
        audio: Soundtrack | None = None
        sounds = None
        if source and copied:
            audio = Copied(read(source.video))
        elif storyboard.sound:
            from kirin.engines.animatic.soundtrack import plan_sounds, synthesise

            sounds = plan_sounds(intents)
            audio = Samples(synthesise(storyboard, sounds, watch.check))
        return Clip(
            width=storyboard.width,
            height=storyboard.height,
            fps=storyboard.fps,
            frame_count=storyboard.frame_count,
            frames=self._frames(continuity, intents, lengths, read, watch, notes, sounds),
            audio=audio,
            notes=notes,
        )

    def _speak(
        self,
        storyboard: Storyboard,
        lips: LipSync,
        read: ReadAsset,
        progress: Progress,
        cancelled: Cancelled,
    ) -> Clip:
        import cv2

        from kirin.engines.animatic.lips.clip import LipSyncContext, lip_sync

        cv2.setNumThreads(1)
        count = storyboard.frame_count
        watch = _RenderProgress([count], progress, cancelled, tracked=True)
        return lip_sync(
            LipSyncContext(
                storyboard,
                lips,
                read,
                self._models,
                watch.check,
                lambda share: watch.prepared(share, count),
                watch.done,
            )
        )

    def _frames(
        self,
        continuity: Continuity,
        intents: Sequence[Intent],
        lengths: Sequence[int],
        read: ReadAsset,
        watch: _RenderProgress,
        notes: dict[str, Any],
        sounds: Sequence[ShotSound] | None,
    ) -> Iterator[Frame]:
        for index, length in enumerate(lengths):
            if not length:  # shorter than a frame
                continue
            shot_notes = notes
            if len(lengths) > 1:
                shot_notes = {}
                notes.setdefault("shots", []).append(shot_notes)
            if continuity.carried[index] is not None:
                shot_notes["picture"] = "carried over"
            elif continuity.kept[index]:
                shot_notes["place"] = "carried over"
            if sounds:
                shot_notes["sound"] = sounds[index].notes
            yield from self._shot(
                continuity, intents[index], index, length, read, watch, shot_notes
            )

    def _shot(
        self,
        continuity: Continuity,
        intent: Intent,
        index: int,
        count: int,
        read: ReadAsset,
        watch: _RenderProgress,
        notes: dict[str, Any],
    ) -> Iterator[Frame]:
        """The frames of one shot. Its memory is freed before the next shot is prepared."""
        watch.check()
        renderer = self._prepare(continuity, intent, index, count, read, watch)
        trim()
        notes.update(renderer.notes)
        if intent.camera.overruled:
            notes["not_followed"] = [*notes.get("not_followed", ()), *intent.camera.overruled]
        storyboard = continuity.storyboard
        edited = storyboard.footage and storyboard.footage.use is FootageUse.BASE
        if edited or not (storyboard.driving or storyboard.shots[index].drawn):
            from kirin.engines.animatic.look.pictured import unstyled
            from kirin.engines.animatic.stage.plan import describe_given

            notes["scene"] = describe_given(unstyled(intent)) | notes.get("scene", {})
        if self._models.in_use:
            notes["networks"] = self._models.in_use
        watch.prepared(1.0, count)
        for number in range(count):
            watch.check()
            yield renderer.frame(number)
            watch.done(1)

    def _prepare(
        self,
        continuity: Continuity,
        intent: Intent,
        index: int,
        count: int,
        read: ReadAsset,
        watch: _RenderProgress,
    ) -> ShotRenderer:
        import cv2

        from kirin.engines.animatic.camera.path import path
        from kirin.engines.animatic.renderers import renderer_for
        from kirin.engines.animatic.shot import ShotContext

        # One thread renders and one encodes: more would only contend.
        cv2.setNumThreads(1)
        storyboard = continuity.storyboard
        shot = storyboard.shots[index]
        seed = storyboard.seed + index
        poses = path(intent.camera, count, storyboard.fps, storyboard.guidance, seed)
        share = continuity.share(index, intent.cast.size)

        def prepared(part: float) -> None:
            watch.prepared(min(part, 0.99), count)

        asked, followed = intent, None
        footage = storyboard.footage
        if footage and footage.use is FootageUse.FEATURE:
            from kirin.engines.animatic.footage.following import FollowedCamera, ShotWindow

            cuts = (0, *storyboard.cuts())
            window = ShotWindow(cuts[index], count, cuts[-1], storyboard.fps)
            video = read(footage.video)
            followed = FollowedCamera.read(footage, video, window, watch.check, prepared)
            intent, poses = followed.directs(intent), followed.poses or poses
        context = ShotContext(
            storyboard, shot, read, intent, poses, self._models, watch.check, share, prepared
        )
        renderer = renderer_for(context)
        return followed.reported(renderer, asked) if followed else renderer


def _unsupported_references(shots: Sequence[Shot]) -> list[str]:
    """Why the references of these shots cannot be rendered; empty if they can."""
    unseen = {each.name for shot in shots for each in shot.references if not each.views}
    messages = [
        f"the animatic engine needs pictures of a subject, and {name or 'one'} has only a video"
        for name in sorted(unseen)
    ]
    if any(shot.references and (shot.strokes or shot.still) for shot in shots):
        messages.append("the animatic engine cannot combine subjects with a motion brush")
    return messages


class _RenderProgress:
    """Reports progress in frames, and raises once the task is cancelled."""

    def __init__(
        self,
        lengths: Sequence[int],
        progress: Progress,
        cancelled: Cancelled,
        *,
        tracked: bool = False,
    ) -> None:
        self._progress = progress
        self._cancelled = cancelled
        self._preparation = {
            length: PREPARATION + tracked * round(TRACKING * length) for length in lengths if length
        }
        self._total = sum(length + self._preparation[length] for length in lengths if length)
        self._done = 0.0
        self._told = 0.0

    def check(self) -> None:
        """Raise ``Stopped`` if the task was cancelled."""
        if self._cancelled():
            raise Stopped

    def prepared(self, share: float, length: int) -> None:
        """Count a share of the preparation of a shot of so many frames as done; 1 ends it."""
        ahead = min(share, 1.0) * self._preparation[length]
        if share >= 1.0:
            self._done += self._preparation[length]
            ahead = 0.0
        if self._done + ahead > self._told:
            self._told = self._done + ahead
            self._progress(self._told / self._total)

    def done(self, frames: int) -> None:
        """Count work as done, in frames."""
        self._done += frames
        self._told = self._done
        self._progress(self._done / self._total)
