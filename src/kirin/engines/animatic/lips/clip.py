"""The clip of a lip sync: the frames of a video with moved mouths, and its sound with voices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from kirin.audio.visemes import HOP, Visemes
from kirin.domain.callbacks import Progress, ReadAsset
from kirin.domain.frame import Frame
from kirin.domain.lips import LipSync, Speech
from kirin.domain.soundtrack import RATE, Samples
from kirin.domain.storyboard import Storyboard
from kirin.engines.animatic.lips.following import FaceFollower, FollowedFace, follow
from kirin.engines.animatic.lips.inside import draw_mouth
from kirin.engines.animatic.lips.light import MouthPalette
from kirin.engines.animatic.lips.mouth import MouthColumns, Utterance
from kirin.engines.animatic.lips.sound import Voice, mixed
from kirin.engines.animatic.lips.teeth import Teeth, TeethSeeker
from kirin.engines.animatic.lips.warp import mouth_field
from kirin.engines.base import Clip
from kirin.errors import attributed_to
from kirin.media.decode import planes_at
from kirin.media.sounds import read_sound
from kirin.vision.models import VisionModels
from kirin.vision.planes import Planes

Check = Callable[[], None]

_BEFORE: Final = 0.2  # seconds before the voice is heard: the mouth begins to change over to it
_AFTER: Final = 0.2  # after it: the mouth is the video's own again
_CHANGE: Final = 0.3  # seconds that the change takes
_HOLD: Final = 0.4  # seconds after the last voice for which the mouth is kept closed


@dataclass(slots=True, eq=False)
class _Speaker:
    """A speech, its voice, and the face that says it once it has been followed."""

    speech: Speech
    voice: Voice
    visemes: Visemes
    followed: FollowedFace | None = field(default=None)
    teeth: Teeth | None = field(default=None)

    def frames(self, storyboard: Storyboard) -> tuple[int, int]:
        """Numbers of the frames in which it is heard: the first, and the one after the last."""
        fps = float(storyboard.fps)
        first = int(np.ceil(self.voice.first / RATE * fps - 0.5))
        last = int(np.ceil(self.voice.last / RATE * fps - 0.5))
        return max(0, first), min(storyboard.frame_count, last)

    def moved(self, storyboard: Storyboard) -> tuple[int, int]:
        """Likewise with those before and after in which the mouth changes over."""
        first, last = self.frames(storyboard)
        fps = float(storyboard.fps)
        before, after = int(_BEFORE * fps), int(_AFTER * fps)
        return max(0, first - before), min(storyboard.frame_count, last + after)

    def said(self, number: int, fps: float) -> Utterance | None:
        """What its mouth does in a frame; ``None`` where it is left as it is."""
        face = self.followed
        at = number - face.first if face else -1
        if face is None or not 0 <= at < len(face.why) or face.why[at]:
            return None
        # A frame is shown until the next one: the middle of that is when it is seen.
        seconds = (number + 0.5) / fps - self.voice.first / RATE
        weight = self._changed(seconds) * float(face.weight[at])
        return Utterance(*self.visemes.at(seconds), weight) if weight else None

    def _changed(self, seconds: float) -> float:
        """How far the mouth has changed over from the video's to the voice's, 0 to 1.

        A mouth that is about to speak, or has spoken, does not jump. It has changed by the time
        that the voice is loud, so that a smile goes straight into the first sound.
        """
        heard = self.visemes.heard
        if heard is None:
            return 0.0
        end = min(heard[1] + _HOLD, len(self.visemes.opening) * HOP)
        share = min(seconds - heard[0] + _BEFORE, end + _AFTER - seconds) / _CHANGE
        share = min(max(share, 0.0), 1.0)
        return share * share * (3 - 2 * share)


@dataclass(frozen=True, slots=True)
class LipSyncContext:
    """All that a lip sync needs.

    Attributes:
        storyboard: size, frame rate and length are those of the video.
        lips: the video and what is said.
        read: finds the file of an asset.
        models: the neural networks.
        check: called for each frame; raises to stop.
        prepared: told which share of following the faces is done.
        done: told how many more frames have been drawn.
    """

    storyboard: Storyboard
    lips: LipSync
    read: ReadAsset
    models: VisionModels
    check: Check
    prepared: Progress
    done: Callable[[int], None]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the video in pixels."""
        return self.storyboard.width, self.storyboard.height

    @property
    def fps(self) -> float:
        """Frames a second."""
        return float(self.storyboard.fps)


def lip_sync(context: LipSyncContext) -> Clip:
    """Let the faces of a video speak.

    The faces are followed when the first frame is consumed; only then are the notes filled in.

    Raises:
        InputsRefused: a sound cannot be used.
    """
    storyboard = context.storyboard
    with attributed_to("lips"):
        speakers = [_speaker(speech, context.read) for speech in context.lips.speeches]
        video = context.read(context.lips.video)
    notes: dict[str, Any] = {"method": "mouths moved to voices"}
    length = int(storyboard.frame_count * RATE / storyboard.fps)
    voices = [each.voice for each in speakers]
    return Clip(
        width=storyboard.width,
        height=storyboard.height,
        fps=storyboard.fps,
        frame_count=storyboard.frame_count,
        frames=_frames(context, video, speakers, notes),
        audio=Samples(mixed(video, voices, length, context.check)),
        notes=notes,
    )


def _speaker(speech: Speech, read: ReadAsset) -> _Speaker:
    sound = read_sound(read(speech.sound), speech.start, speech.end)
    first = round(speech.insert * RATE)
    voice = Voice(sound, first, speech.volume, speech.original_volume)
    return _Speaker(speech, voice, Visemes.of(sound))


def _frames(
    context: LipSyncContext, video: Path, speakers: Sequence[_Speaker], notes: dict[str, Any]
) -> Iterator[Frame]:
    """Follow the faces, then draw frame by frame; fills the notes."""
    for turn, speaker in enumerate(speakers):

        def prepared(share: float, turn: int = turn) -> None:
            context.prepared((turn + share) / len(speakers) * 0.99)

        _follow(context, video, speaker, prepared)
    notes["speeches"] = [_told(speaker, context.storyboard) for speaker in speakers]
    context.prepared(1.0)
    times = (number / context.fps for number in range(context.storyboard.frame_count))
    for number, (_, planes) in enumerate(planes_at(video, times, *context.size)):
        context.check()
        yield _drawn(planes, number, context.fps, speakers)
        context.done(1)


def _follow(context: LipSyncContext, video: Path, speaker: _Speaker, prepared: Progress) -> None:
    """Find the face of a speaker in each frame in which it is heard."""
    (width, height), shown = context.size, context.lips.video
    scale = width / (shown.width or width), height / (shown.height or height)
    first, last = speaker.moved(context.storyboard)
    follower = FaceFollower(context.models.face_estimator, speaker.speech.face, scale)

    def frames() -> Iterator[Frame]:
        times = (number / context.fps for number in range(first, last))
        for number, (_, planes) in enumerate(planes_at(video, times, width, height)):
            prepared(number / (last - first))
            yield planes

    seeker = TeethSeeker()
    check = context.check
    speaker.followed = follow(frames(), first, context.fps, follower, check, seeker.look)
    speaker.teeth = seeker.best


def _drawn(frame: Frame, number: int, fps: float, speakers: Sequence[_Speaker]) -> Frame:
    """A frame with moved mouths; the frame itself where nobody speaks."""
    drawn: Frame | None = None
    # A face changes over between two voices of its own: the one that has more of it moves it.
    turns: dict[str, tuple[_Speaker, Utterance]] = {}
    for speaker in speakers:
        said, face = speaker.said(number, fps), speaker.speech.face.id
        if said and (face not in turns or said.weight > turns[face][1].weight):
            turns[face] = speaker, said
    for speaker, said in turns.values():
        if speaker.followed is None:
            continue
        points = speaker.followed.points[number - speaker.followed.first].astype(np.float64)
        mouth = MouthColumns.of(points, said)
        field_ = mouth_field(mouth, frame.shape[1], frame.shape[0] * 2 // 3)
        if field_ is None:
            continue
        drawn = frame.copy() if drawn is None else drawn
        planes = Planes.of_frame(drawn)
        draw_mouth(planes, field_, MouthPalette.of(planes, points), said.spreading, speaker.teeth)
    return frame if drawn is None else drawn


def _told(speaker: _Speaker, storyboard: Storyboard) -> dict[str, Any]:
    """What the notes say of a speech."""
    followed, fps = speaker.followed, float(storyboard.fps)
    face = followed.part(*speaker.frames(storyboard)) if followed else None
    count = len(face.why) if face else 0
    missing = face.missing(fps) if face else []
    told: dict[str, Any] = {
        "face": speaker.speech.face.id,
        "frames": count,
        "moved": sum(not why for why in face.why) if face else 0,
    }
    if not float(speaker.visemes.opening.max(initial=0.0)):
        missing = [*missing, {"why": "no voice is heard in the sound"}]
    return told | ({"missing": missing} if missing else {})
