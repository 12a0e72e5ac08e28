"""Rendering: a clip of an engine, or a file from another machine, becomes the task's files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from kirin.domain.storyboard import Driving, Orientation, Storyboard
from kirin.engines.base import RemoteJob, RemoteVideo, RenderContext, UnsupportedFeature
from kirin.engines.rendering import render
from kirin.engines.router import Router
from kirin.engines.scripted import ScriptedEngine
from kirin.errors import (
    CallFailed,
    EngineAway,
    NoEngine,
    NotStarted,
    ResultUnusable,
    Stopped,
    TaskError,
)
from kirin.media.decode import facts, frames
from support.render_contexts import BOARD, FakeAttempt
from support.videos import write_video


class FakeRemoteEngine:
    """A remote engine that returns a file, or fails."""

    def __init__(self, name: str, make: Callable[[Path], object] | Exception) -> None:
        self.name = name
        self.make = make
        self.asked = 0

    def unsupported(self, _: Storyboard) -> list[UnsupportedFeature]:
        return []

    def render_remotely(self, _: Storyboard, context: RenderContext) -> RemoteVideo:
        self.asked += 1
        if isinstance(self.make, Exception):
            raise self.make
        path = context.folder / f"{self.name}.mp4"
        self.make(path)
        return RemoteVideo(path, "job-7", {"upstream_cost": 1})

    def cancel(self, begun: RemoteJob) -> None:
        raise AssertionError(begun)

    def check_health(self) -> str | None:
        return None


def video(**options: object) -> Callable[[Path], object]:
    fitting = {"size": (64, 36), "seconds": 1, "fps": 24, "options": {"movflags": "faststart"}}
    return lambda path: write_video(path, **{**fitting, **options})  # type: ignore[arg-type]


def test_a_file_that_fits_is_kept_byte_for_byte(attempt: FakeAttempt, tmp_path: Path) -> None:
    made = video()
    rendered = render(Router([FakeRemoteEngine("far", made)]), BOARD, attempt.context(), None)
    made(tmp_path / "same.mp4")
    assert rendered.path.read_bytes() == (tmp_path / "same.mp4").read_bytes()
    assert (rendered.engine, rendered.job_id) == ("far", "job-7")
    assert rendered.notes == {"upstream_cost": 1}


def test_its_marked_copy_is_made_here(attempt: FakeAttempt, tmp_path: Path) -> None:
    marked = tmp_path / "marked.mp4"
    rendered = render(
        Router([FakeRemoteEngine("far", video(size=(640, 360)))]), LARGE, attempt.context(), marked
    )
    clean, stamped = next(frames(rendered.path)), next(frames(marked))
    difference = abs(clean.astype(int) - stamped).max(2)
    assert difference.max() > 40
    assert (difference > 10).mean() < 0.1
    assert facts(marked).frame_count == 24


LARGE = replace(BOARD, width=640, height=360)


def test_another_size_rate_and_length_is_conformed_and_noted(
    attempt: FakeAttempt, tmp_path: Path
) -> None:
    odd = FakeRemoteEngine("far", video(size=(128, 72), fps=16, seconds=1.25, sound=True))
    marked = tmp_path / "marked.mp4"
    rendered = render(Router([odd]), BOARD, attempt.context(), marked)
    for path in (rendered.path, marked):
        found = facts(path)
        assert (found.width, found.height, found.fps, found.frame_count) == (64, 36, 24, 24)
        assert not found.has_audio
    assert rendered.notes["conformed"] == {
        "steps": ["scaled", "trimmed", "resampled", "silenced"],
        "from": {"width": 128, "height": 72, "fps": 16.0, "frames": 20},
    }


def test_sound_that_was_asked_for_is_kept(attempt: FakeAttempt) -> None:
    board = replace(BOARD, sound=True)
    for options in ({"sound": True}, {"sound": True, "fps": 12}):
        rendered = render(
            Router([FakeRemoteEngine("far", video(**options))]), board, attempt.context(), None
        )
        assert facts(rendered.path).has_audio


def test_a_reference_videos_sound_dubs_a_silent_video(attempt: FakeAttempt, tmp_path: Path) -> None:
    content = write_video(tmp_path / "dance", seconds=1, sound=True).read_bytes()
    asset = attempt.asset(content, mime="video/mp4", has_audio=True)
    board = replace(BOARD, driving=Driving(asset, Orientation.IMAGE, keep_sound=True))
    rendered = render(Router([FakeRemoteEngine("far", video())]), board, attempt.context(), None)
    assert facts(rendered.path).has_audio
    assert rendered.notes["conformed"]["steps"] == ["dubbed"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_bytes(b"#EXTM3U\nhttp://10.0.0.1/"), "neither an MP4 nor a MOV"),
        (lambda path: path.write_bytes(b""), "no bytes"),
        (video(seconds=3), r"lasts 3 s instead of 1 s"),
    ],
    ids=["playlist", "empty", "long"],
)
def test_what_is_no_such_video_is_unusable(
    attempt: FakeAttempt, make: Callable[[Path], object], words: str
) -> None:
    with pytest.raises(ResultUnusable, match=words):
        render(Router([FakeRemoteEngine("far", make)]), BOARD, attempt.context(), None)


def test_a_video_without_the_requested_sound_is_unusable(attempt: FakeAttempt) -> None:
    with pytest.raises(ResultUnusable, match="no sound"):
        render(
            Router([FakeRemoteEngine("far", video())]),
            replace(BOARD, sound=True),
            attempt.context(),
            None,
        )


def test_conforming_stops_with_the_attempt(attempt: FakeAttempt) -> None:
    def make(path: Path) -> None:
        video(fps=12)(path)
        attempt.over = True

    with pytest.raises(Stopped):
        render(Router([FakeRemoteEngine("far", make)]), BOARD, attempt.context(), None)


def test_an_engine_that_is_away_rests_and_the_next_is_asked(attempt: FakeAttempt) -> None:
    away, near = FakeRemoteEngine("away", EngineAway("no line")), ScriptedEngine()
    router = Router([away, near], now=lambda: 0.0)
    for _ in range(2):
        assert render(router, BOARD, attempt.context(), None, "away").engine == "scripted"
    assert away.asked == 1
    assert attempt.assigned == ["scripted", "scripted"]


def test_an_engine_that_declines_does_not_rest(attempt: FakeAttempt) -> None:
    picky, near = FakeRemoteEngine("picky", NotStarted("not that one")), ScriptedEngine()
    router = Router([picky, near], now=lambda: 0.0)
    for _ in range(2):
        render(router, BOARD, attempt.context(), None)
    assert picky.asked == 2


@pytest.mark.parametrize("error", [TaskError("no"), CallFailed("gone"), ResultUnusable("bad")])
def test_once_begun_no_other_is_asked(attempt: FakeAttempt, error: TaskError) -> None:
    near = FakeRemoteEngine("near", video())
    with pytest.raises(type(error)):
        render(Router([FakeRemoteEngine("far", error), near]), BOARD, attempt.context(), None)
    assert near.asked == 0


def test_where_none_begins_all_say_why(attempt: FakeAttempt) -> None:
    engines = [
        FakeRemoteEngine("a", EngineAway("a is away")),
        FakeRemoteEngine("b", NotStarted("b is picky")),
    ]
    with pytest.raises(NoEngine, match="a is away; b is picky"):
        render(Router(engines), BOARD, attempt.context(), None)


def test_the_engine_of_an_earlier_attempt_is_asked_first(attempt: FakeAttempt) -> None:
    first, second = FakeRemoteEngine("first", video()), FakeRemoteEngine("second", video())
    router = Router([first, second], now=lambda: 0.0)
    router.mark_unavailable(second)
    rendered = render(router, BOARD, attempt.context(is_retry=True), None, "second")
    assert (rendered.engine, first.asked, attempt.assigned) == ("second", 0, [])


def test_who_takes_over_is_written_down_before_it_is_asked(attempt: FakeAttempt) -> None:
    class Watching(FakeRemoteEngine):
        def render_remotely(self, board: Storyboard, context: RenderContext) -> RemoteVideo:
            assert attempt.assigned == ["second"]
            return super().render_remotely(board, context)

    router = Router([FakeRemoteEngine("first", EngineAway("x")), Watching("second", video())])
    render(router, BOARD, attempt.context(), None, "first")


def test_an_engine_here_makes_the_frames_itself(attempt: FakeAttempt, tmp_path: Path) -> None:
    marked = tmp_path / "marked.mp4"
    rendered = render(Router([ScriptedEngine()]), LARGE, attempt.context(), marked)
    assert rendered.job_id is None
    assert [facts(path).frame_count for path in (rendered.path, marked)] == [24, 24]
    assert facts(rendered.path).fps == Fraction(24)
