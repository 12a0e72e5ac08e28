"""Strangers' videos are opened in a process of their own."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from kirin.domain.limits import VideoLimits
from kirin.media import isolated_probe
from kirin.media.isolated_probe import measure_in_subprocess
from kirin.media.refusal import MediaRefused
from support.videos import write_video

LIMITS = VideoLimits(min_side=1, min_seconds=0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_video(tmp_path / "v", size=(400, 360), rotation=90, sound=True)


def become(monkeypatch: pytest.MonkeyPatch, script: Path, command: str) -> None:
    """Put another program in the process's place."""
    script.write_text(f"#!/bin/sh\n{command}\n")
    script.chmod(0o755)
    monkeypatch.setattr(isolated_probe.sys, "executable", str(script))


def test_it_tells_what_a_video_is(path: Path) -> None:
    found = measure_in_subprocess(path, LIMITS)
    assert (found.width, found.height, found.fps, found.has_audio) == (360, 400, 10, True)


def test_a_refusal_comes_back_whole(path: Path) -> None:
    path.write_bytes(b"\0\0\0\x08mdit" * 4)
    with pytest.raises(MediaRefused, match="neither an MP4") as refused:
        measure_in_subprocess(path, LIMITS)
    assert (refused.value.code, refused.value.rules) == ("not_a_video", ("MC-2",))


@pytest.mark.parametrize(
    "command", [f"kill -{signal.SIGSEGV.value} $$", "exec sleep 60", "echo nonsense"]
)
def test_where_it_fails_the_file_is_not_called_broken(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    become(monkeypatch, tmp_path / "python", command)
    monkeypatch.setattr(isolated_probe, "SECONDS", 0.5)
    with pytest.raises(MediaRefused) as refused:
        measure_in_subprocess(path, LIMITS)
    assert refused.value.code == "unreadable_video"
    assert "This server cannot read the video" in refused.value.message
    assert "broken" not in refused.value.message
