"""Sounds from outside: kind, size, length and soundness."""

from __future__ import annotations

from pathlib import Path

import pytest

from kirin.domain.limits import SoundLimits
from kirin.media.isolated_probe import measure_sound_in_subprocess
from kirin.media.refusal import MediaRefused
from kirin.media.sniff import media_type
from kirin.media.sound_probe import check_sound, measure_sound
from support.pictures import ramp, saved
from support.sound import write_sound
from support.videos import write_video

LIMITS = SoundLimits()
MIMES = {"mp3": "audio/mpeg", "wav": "audio/wav", "m4a": "audio/mp4"}


def refusal(path: Path, limits: SoundLimits = LIMITS) -> str:
    """The code with which a file is refused, whoever measures it."""
    codes = []
    for measured in (measure_sound, measure_sound_in_subprocess):
        with pytest.raises(MediaRefused) as caught:
            measured(path, limits)
        assert caught.value.rules == ("LIP-3",)
        codes.append(caught.value.code)
    assert codes[0] == codes[1]
    return codes[0]


@pytest.mark.parametrize("kind", MIMES)
def test_facts(tmp_path: Path, kind: str) -> None:  # LIP-3
    path = write_sound(tmp_path / "voice.txt", kind, 2.5)
    found = measure_sound(path, LIMITS)
    assert (found.mime, found.size) == (MIMES[kind], path.stat().st_size)
    assert found.seconds == pytest.approx(2.5, abs=0.1)
    assert measure_sound_in_subprocess(path, LIMITS) == found
    assert media_type(path) == MIMES[kind]


@pytest.mark.parametrize(
    ("seconds", "code"), [(1.8, "too_short"), (2, None), (60, None), (60.3, "too_long")]
)
def test_length(tmp_path: Path, seconds: float, code: str | None) -> None:  # LIP-3
    found = measure_sound(write_sound(tmp_path / "v", "wav", seconds, rate=8000), LIMITS)
    if code is None:
        check_sound(found, LIMITS)
        return
    with pytest.raises(MediaRefused) as caught:
        check_sound(found, LIMITS)
    assert caught.value.code == code


def test_what_is_no_sound(tmp_path: Path) -> None:  # LIP-3
    (tmp_path / "empty").touch()
    assert refusal(tmp_path / "empty") == "empty"
    (tmp_path / "picture").write_bytes(saved(ramp(300, 300)))
    assert refusal(tmp_path / "picture") == "not_a_sound"
    assert refusal(write_video(tmp_path / "silent")) == "not_a_sound"
    (tmp_path / "playlist").write_text("#EXTM3U\nhttp://127.0.0.1/private\n")
    assert refusal(tmp_path / "playlist") == "not_a_sound"


def test_bytes(tmp_path: Path) -> None:  # LIP-3
    path = write_sound(tmp_path / "v", "wav", 3)
    size = path.stat().st_size
    measure_sound(path, SoundLimits(max_bytes=size))
    assert refusal(path, SoundLimits(max_bytes=size - 1)) == "too_many_bytes"


def test_rubbish_behind_a_good_beginning(tmp_path: Path) -> None:  # LIP-3
    path = tmp_path / "v"
    path.write_bytes(b"RIFF\xff\xff\xff\x7fWAVEfmt " + bytes(200))
    assert refusal(path) in {"broken_sound", "not_a_sound"}
    path.write_bytes(b"ID3\x04" + bytes(4000))
    assert refusal(path) in {"broken_sound", "not_a_sound"}


def test_the_sound_of_a_video_counts(tmp_path: Path) -> None:  # LIP-3
    found = measure_sound(write_video(tmp_path / "v", sound=True), LIMITS)
    assert found.seconds == pytest.approx(1, abs=0.1)  # the sound is shorter than the picture
