"""Lip sync: a face of a video speaks with a given voice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kirin.catalogue.card import Card
from kirin.catalogue.codes import V1_6
from kirin.catalogue.common import DELIVERY, watermarked
from kirin.catalogue.media_rules import Media
from kirin.catalogue.parameters import Integer, Number
from kirin.catalogue.plan import Materials
from kirin.catalogue.prices import Price
from kirin.catalogue.references import FaceId, FaceSessionId, Sound
from kirin.catalogue.sizes import even
from kirin.catalogue.structures import ListOf, Values
from kirin.domain.lips import FaceSession, LipSync, Speech
from kirin.domain.storyboard import Quality, Shot, Storyboard
from kirin.errors import Problem

ID = "kirin_lipsync"
LONGEST_MS = 60_000
LEAST_SECONDS = 2
"""Seconds that a voice lasts at least, and by which it overlaps with its face (rules LIP-4, 5)."""

LOUDEST = 2

SESSION = "c3a9f2d17b6e4c58a0d4e6f8b2917c35"
SPEECH = {
    "face_id": "1",
    "sound_file": "https://example.com/voice.mp3",
    "sound_start_time": 0,
    "sound_end_time": 3000,
    "sound_insert_time": 1000,
}
"""An entry of face_choose, for examples."""


def storyboard(values: Values, materials: Materials, seed: int) -> Storyboard:
    """The session's video as one shot, with a voice for the chosen face."""
    session = materials.face_sessions[values["session_id"]]
    video = session.video
    if video.fps is None or video.seconds is None:
        raise ValueError(f"session {session.id} has no video")
    speeches = []
    for index, entry in enumerate(values["face_choose"]):
        face = session.face(entry["face_id"])
        if face is None:
            raise ValueError(f"session {session.id} has no face {entry['face_id']}")
        speeches.append(
            Speech(
                face=face,
                sound=materials.media[f"face_choose[{index}].sound_file"],
                **_seconds(entry),
                volume=entry["sound_volume"],
                original_volume=entry["original_audio_volume"],
            )
        )
    return Storyboard(
        model=ID,
        width=even(video.width),
        height=even(video.height),
        fps=video.fps,
        shots=(Shot(prompt="", seconds=video.seconds),),
        sound=True,
        seed=seed,
        quality=Quality.HIGH,
        watermark=watermarked(values),
        lips=LipSync(video, tuple(speeches)),
    )


def _seconds(entry: Values) -> dict[str, float]:
    """The times of an entry, which the wire has in milliseconds."""
    times = {"start": "sound_start_time", "end": "sound_end_time", "insert": "sound_insert_time"}
    return {name: entry[param] / 1000 for name, param in times.items()}


def check_faces(values: Values, session: FaceSession) -> Iterator[Problem]:
    """What a request asks of faces that the session does not have, or does not see long enough."""
    for index, entry in enumerate(values.get("face_choose", ())):
        path = f"face_choose[{index}]"
        if "face_id" not in entry:
            continue
        face = session.face(entry["face_id"])
        if face is None:
            known = ", ".join(each.id for each in session.faces)
            message = f"the session has no face {entry['face_id']!r}; it has {known}"
            yield Problem(f"{path}.face_id", "unknown_face", message, ("LIP-2",))
            continue
        times = ("sound_start_time", "sound_end_time", "sound_insert_time")
        if not all(name in entry for name in times):
            continue
        said = _seconds(entry)
        if said["end"] - said["start"] < LEAST_SECONDS:
            continue  # that is told already
        begin, end = said["insert"], said["insert"] + said["end"] - said["start"]
        overlap = min(end, face.end) - max(begin, face.start)
        if overlap < LEAST_SECONDS:
            yield Problem(
                f"{path}.sound_insert_time",
                "out_of_range",
                f"the voice sounds from {begin:.2f} to {end:.2f} s, and face {face.id} is seen "
                f"from {face.start:.2f} to {face.end:.2f} s: they overlap by at least "
                f"{LEAST_SECONDS} s",
                ("LIP-5",),
            )
        length = session.video.seconds
        if length is not None and end > length + 1 / 12:
            yield Problem(
                f"{path}.sound_insert_time",
                "out_of_range",
                f"the voice would end at {end:.2f} s of a video of {length:.2f} s: insert it "
                "earlier or cut it",
                ("LIP-5",),
            )


@dataclass(frozen=True, kw_only=True)
class VoiceLength:
    """A voice is cut from within its sound, and lasts at least two seconds."""

    message: str = "the part of the sound that is used lies within it and lasts at least 2 seconds"
    rules: tuple[str, ...] = ("LIP-4",)

    def describe(self) -> dict[str, Any]:
        """The condition for machines."""
        times = ("sound_start_time", "sound_end_time")
        return {"kind": "voice_length", "params": [f"face_choose[].{name}" for name in times]}

    def check(self, values: Values, media: Media, /) -> Iterator[Problem]:
        """The violations among what is known so far."""
        for index, entry in enumerate(values.get("face_choose", ())):
            path = f"face_choose[{index}]"
            start, end = entry.get("sound_start_time"), entry.get("sound_end_time")
            if start is None or end is None:
                continue
            given = f"{self.message}; given {start} to {end} ms"
            name = f"{path}.sound_end_time"
            if end - start < LEAST_SECONDS * 1000:
                yield Problem(name, "out_of_range", given, self.rules)
            sound = media.get(f"{path}.sound_file")
            # MP3 and AAC come in packets: their ends are not told to the millisecond.
            if sound and sound.seconds is not None and end > sound.seconds * 1000 + 50:
                lasts = f"{given} of a sound of {sound.seconds * 1000:.0f} ms"
                yield Problem(name, "out_of_range", lasts, self.rules)


CARD = Card(
    id=ID,
    name="Kirin Lip Sync",
    type="lip-sync",
    description="Makes a face of a video speak with a voice of yours; all else stays as it is.",
    usage="Look for faces with kirin_identify_face first. Its session_id and one of its face_ids "
    "go in here, with the voice and where in the video it begins. Times are milliseconds.",
    input_modalities=("video", "audio"),
    output_modalities=("video", "audio"),
    parameters=(
        FaceSessionId(
            name="session_id",
            description="The session in which kirin_identify_face found the face; good for 24 "
            "hours.",
            required=True,
            min_length=1,
            rules=("LIP-1",),
            example=SESSION,
        ),
        ListOf(
            name="face_choose",
            description="The face that speaks, and its voice: exactly one.",
            required=True,
            min_items=1,
            max_items=1,
            fields=(
                FaceId(
                    name="face_id",
                    description="The face, as face_data names it.",
                    required=True,
                    min_length=1,
                    rules=("LIP-2",),
                    example="1",
                ),
                Sound(
                    name="sound_file",
                    description="The voice: mp3, wav or m4a, by URL or as base64; at most 5 MB, 2 "
                    "to 60 seconds.",
                    required=True,
                    rules=("LIP-3",),
                    example="https://example.com/voice.mp3",
                ),
                Integer(
                    name="sound_start_time",
                    description="Milliseconds of the sound at which its used part begins.",
                    required=True,
                    min=0,
                    max=LONGEST_MS,
                    rules=("LIP-4",),
                    example=0,
                ),
                Integer(
                    name="sound_end_time",
                    description="Milliseconds of the sound at which its used part ends.",
                    required=True,
                    min=0,
                    max=LONGEST_MS,
                    rules=("LIP-4",),
                    example=3000,
                ),
                Integer(
                    name="sound_insert_time",
                    description="Milliseconds of the video at which the voice begins.",
                    required=True,
                    min=0,
                    max=LONGEST_MS,
                    rules=("LIP-5",),
                    example=1000,
                ),
                Number(
                    name="sound_volume",
                    description="Loudness of the voice; 1 leaves it as it is.",
                    min=0,
                    max=LOUDEST,
                    default=1,
                    rules=("LIP-6",),
                    example=1,
                ),
                Number(
                    name="original_audio_volume",
                    description="Loudness of the video's own sound meanwhile; 1 leaves it as it "
                    "is. A silent video has none.",
                    min=0,
                    max=LOUDEST,
                    default=1,
                    rules=("LIP-6",),
                    example=1,
                ),
            ),
            rules=("LIP-2",),
            example=[SPEECH],
        ),
        *DELIVERY,
    ),
    media_rules=(VoiceLength(),),
    check_faces=check_faces,
    price=Price((), {(): Decimal("0.07")}, unit=5),
    codes=V1_6,
    fields={"lips": "face_choose"},
    examples=(
        {
            "session_id": SESSION,
            "face_choose": [SPEECH],
        },
    ),
    plan=storyboard,
)
