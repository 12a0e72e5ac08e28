"""kirin_lipsync: the session, the face and its voice (contract, LIP-1 to LIP-6)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kirin.clock import now_ms
from kirin.database.tables import tasks
from support.api import Api
from support.cards import FACES, LIPS, T2V
from support.faces import face, faces_found
from support.loopback import FileHost
from support.sound import write_sound
from support.videos import video

DAY_MS = 24 * 3600 * 1000
URL = "https://example.com/voice.mp3"


@dataclass(frozen=True)
class Speaker:
    """An account with a session: a video of 6 s in which face 0 is seen from 1 to 6 s."""

    api: Api
    session: str
    voice: str
    """A WAV of 4 s, as base64."""

    def entry(self, **changes: Any) -> dict[str, Any]:
        """A good entry of face_choose, with some changed."""
        plain = {
            "face_id": "0",
            "sound_file": self.voice,
            "sound_start_time": 0,
            "sound_end_time": 3000,
            "sound_insert_time": 1000,
        }
        return plain | changes

    def problems(self, **changes: Any) -> dict[str, str]:
        """The code of each parameter that is refused, inside the entry without its path."""
        found = self.api.problems(
            LIPS, session_id=self.session, face_choose=[self.entry(**changes)]
        )
        return {path.removeprefix("face_choose[0]."): code for path, code in found.items()}

    def make(self, **changes: Any) -> Any:
        """A task that must be accepted."""
        entry = self.entry(**changes)
        return self.api.make(LIPS, session_id=self.session, face_choose=[entry])


@pytest.fixture
def speaker(fetching: Api, files: FileHost, tmp_path: Path) -> Iterator[Speaker]:
    url = files.add("speaker.mp4", video(seconds=6, size=(640, 512)))
    with faces_found([face("0", 1, 6)]):
        session = fetching.finish(FACES, video_url=url)["id"]
    voice = write_sound(tmp_path / "voice.wav", "wav", 4, rate=8000).read_bytes()
    return Speaker(fetching, session, b64encode(voice).decode())


def test_all_that_is_missing_is_told_at_once(api: Api) -> None:  # LIP-1 LIP-2 W-9
    assert api.problems(LIPS) == {"session_id": "required", "face_choose": "required"}
    assert api.problems(LIPS, session_id="x", face_choose=[{}]).keys() == {
        "session_id",
        *(
            f"face_choose[0].{name}"
            for name in (
                "face_id",
                "sound_file",
                "sound_start_time",
                "sound_end_time",
                "sound_insert_time",
            )
        ),
    }


def test_the_voice_of_a_face(speaker: Speaker) -> None:  # LIP-1 LIP-2 LIP-6
    board = speaker.api.storyboard(speaker.make(original_audio_volume=0.5))
    assert board.lips is not None
    (speech,) = board.lips.speeches
    assert (speech.start, speech.end, speech.insert) == (0, 3, 1)
    assert (speech.volume, speech.original_volume) == (1, 0.5)
    assert (speech.face.id, speech.face.start, speech.face.end) == ("0", 1, 6)
    assert speech.sound.mime == "audio/wav"
    assert (board.width, board.height, board.fps, board.seconds) == (640, 512, 10, 6)
    assert board.sound


def test_a_session_of_ones_own(speaker: Speaker, api: Api) -> None:  # LIP-1
    assert speaker.api.problems(LIPS, session_id="x" * 32, face_choose=[speaker.entry()]) == {
        "session_id": "unknown_session"
    }
    other = speaker.api.another()
    refused = other.problems(LIPS, session_id=speaker.session, face_choose=[speaker.entry()])
    assert refused == {"session_id": "unknown_session"}
    film = speaker.api.make(T2V, prompt="a lake").id
    refused = speaker.api.problems(LIPS, session_id=film, face_choose=[speaker.entry()])
    assert refused == {"session_id": "unknown_session"}


def test_a_session_lasts_a_day(speaker: Speaker) -> None:  # LIP-1
    def ended(ago: int) -> None:
        change = tasks.update().where(tasks.c.id == speaker.session)
        with speaker.api.app.database.write() as connection:
            connection.execute(change.values(finished_at=now_ms() - ago))

    ended(DAY_MS - 60_000)
    speaker.make()
    ended(DAY_MS + 60_000)
    assert speaker.problems() == {"session_id": "session_over"}


def test_a_session_that_is_not_ready(fetching: Api, files: FileHost) -> None:  # LIP-1
    task = fetching.make(FACES, video_url=files.add("v.mp4", video(seconds=3, size=(640, 512))))
    speaker = Speaker(fetching, task.id, URL)
    assert speaker.problems() == {"session_id": "session_unfinished"}
    with faces_found([]):
        fetching.run(task.id)
    assert speaker.problems() == {"session_id": "no_faces"}


def test_the_video_of_a_removed_search_is_gone(speaker: Speaker) -> None:  # LIP-1
    answer = speaker.api.http.post(f"/model/v1/generation/task/{speaker.session}/remove")
    assert answer.status_code == 200
    assert speaker.problems() == {"session_id": "unknown_session"}


def test_a_face_of_the_session(speaker: Speaker) -> None:  # LIP-2
    assert speaker.problems(face_id="1") == {"face_id": "unknown_face"}
    two = [speaker.entry(), speaker.entry()]
    refused = speaker.api.problems(LIPS, session_id=speaker.session, face_choose=two)
    assert refused == {"face_choose": "wrong_count"}


def test_no_voices_are_made_here(speaker: Speaker) -> None:  # LIP-3
    refused = speaker.problems(audio_id="1", sound_file=None)
    assert refused == {"audio_id": "unknown_parameter", "sound_file": "required"}


@pytest.mark.parametrize(
    ("seconds", "code"), [(1.8, "too_short"), (2, None), (60, None), (60.3, "too_long")]
)
def test_length_of_a_voice(
    speaker: Speaker, tmp_path: Path, seconds: float, code: str | None
) -> None:  # LIP-3
    sound = write_sound(tmp_path / "v.wav", "wav", seconds, rate=8000).read_bytes()
    given = {"sound_file": b64encode(sound).decode(), "sound_end_time": 2000}
    if code is None:
        speaker.make(**given)
    else:
        assert speaker.problems(**given) == {"sound_file": code}


def test_a_voice_is_a_sound(speaker: Speaker) -> None:  # LIP-3
    assert speaker.problems(sound_file=b64encode(b"x" * 900).decode()) == {
        "sound_file": "not_a_sound"
    }
    assert speaker.problems(sound_file="data:audio/wav;base64,AAAA") == {"sound_file": "data_url"}
    large = b64encode(bytes(5 * 1024 * 1024 + 1)).decode()
    assert speaker.problems(sound_file=large) == {"sound_file": "too_many_bytes"}


@pytest.mark.parametrize(
    ("start", "end", "good"),
    [
        (0, 1999, False),
        (0, 2000, True),
        (2000, 4000, True),
        (2000, 4060, False),
        (3000, 1000, False),
    ],
)
def test_the_used_part_of_a_voice(
    speaker: Speaker, start: int, end: int, *, good: bool
) -> None:  # LIP-4
    times = {"sound_start_time": start, "sound_end_time": end}
    if good:
        speaker.make(**times)
    else:
        assert speaker.problems(**times) == {"sound_end_time": "out_of_range"}


@pytest.mark.parametrize(
    ("insert", "end", "good"),
    [(0, 3000, True), (0, 2990, False), (3000, 3000, True), (3100, 3000, False)],
)
def test_where_a_voice_begins(
    speaker: Speaker, insert: int, end: int, *, good: bool
) -> None:  # LIP-5
    times = {"sound_insert_time": insert, "sound_end_time": end}
    if good:
        speaker.make(**times)
    else:
        assert speaker.problems(**times) == {"sound_insert_time": "out_of_range"}


@pytest.mark.parametrize("name", ["sound_volume", "original_audio_volume"])
def test_loudness(speaker: Speaker, name: str) -> None:  # LIP-6
    for given in (0, 0.5, 2):
        speaker.make(**{name: given})
    for given in (-0.1, 2.1):
        assert speaker.problems(**{name: given}) == {name: "out_of_range"}


def test_what_comes_by_url_is_heard_in_the_task(speaker: Speaker, files: FileHost) -> None:  # LIP-4
    sound = files.add("v.wav", b"RIFF no sound at all")
    task = speaker.api.run(speaker.make(sound_file=sound).id)
    assert task["status"] == "failed"
    assert task["error"]["message"].startswith("face_choose[0].sound_file: ")


def test_what_it_costs(speaker: Speaker) -> None:  # section 4
    task = speaker.make()
    assert str(task.quote) == "0.1400"  # 6 s are two units of 5
