"""Footage: an engine's clip or another machine's file becomes the storyboard's files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from kirin.domain.storyboard import Driving, Orientation, Storyboard
from kirin.engines.base import Begun, Errand, Film, Reason
from kirin.engines.footage import record
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
from support.errands import BOARD, Desk
from support.videos import write_video


class Courier:
    """A carrier that brings a file, or fails as it is told."""

    def __init__(self, name: str, make: Callable[[Path], object] | Exception) -> None:
        self.name = name
        self.make = make
        self.asked = 0

    def unsupported(self, _: Storyboard) -> list[Reason]:
        return []

    def carry(self, _: Storyboard, errand: Errand) -> Film:
        self.asked += 1
        if isinstance(self.make, Exception):
            raise self.make
        path = errand.folder / f"{self.name}.mp4"
        self.make(path)
        return Film(path, "job-7", {"upstream_cost": 1})

    def call_off(self, begun: Begun) -> None:
        raise AssertionError(begun)

    def trouble(self) -> str | None:
        return None


def video(**options: object) -> Callable[[Path], object]:
    fitting = {"size": (64, 36), "seconds": 1, "fps": 24, "options": {"movflags": "faststart"}}
    return lambda path: write_video(path, **{**fitting, **options})  # type: ignore[arg-type]


def test_a_file_that_fits_is_kept_byte_for_byte(desk: Desk, tmp_path: Path) -> None:
    made = video()
    footage = record(Router([Courier("far", made)]), BOARD, desk.errand(), None)
    made(tmp_path / "same.mp4")
    assert footage.path.read_bytes() == (tmp_path / "same.mp4").read_bytes()
    assert (footage.engine, footage.job) == ("far", "job-7")
    assert footage.notes == {"upstream_cost": 1}


def test_its_marked_copy_is_made_here(desk: Desk, tmp_path: Path) -> None:
    marked = tmp_path / "marked.mp4"
    footage = record(Router([Courier("far", video(size=(640, 360)))]), LARGE, desk.errand(), marked)
    clean, stamped = next(frames(footage.path)), next(frames(marked))
    difference = abs(clean.astype(int) - stamped).max(2)
    assert difference.max() > 40
    assert (difference > 10).mean() < 0.1
    assert facts(marked).frame_count == 24


LARGE = replace(BOARD, width=640, height=360)


def test_another_size_rate_and_length_is_conformed_and_told(desk: Desk, tmp_path: Path) -> None:
    odd = Courier("far", video(size=(128, 72), fps=16, seconds=1.25, sound=True))
    marked = tmp_path / "marked.mp4"
    footage = record(Router([odd]), BOARD, desk.errand(), marked)
    for path in (footage.path, marked):
        found = facts(path)
        assert (found.width, found.height, found.fps, found.frame_count) == (64, 36, 24, 24)
        assert not found.has_audio
    assert footage.notes["conformed"] == {
        "steps": ["scaled", "trimmed", "resampled", "silenced"],
        "from": {"width": 128, "height": 72, "fps": 16.0, "frames": 20},
    }


def test_sound_that_was_asked_for_is_kept(desk: Desk) -> None:
    board = replace(BOARD, sound=True)
    for options in ({"sound": True}, {"sound": True, "fps": 12}):
        footage = record(Router([Courier("far", video(**options))]), board, desk.errand(), None)
        assert facts(footage.path).has_audio


def test_a_reference_videos_sound_is_put_under_a_silent_film(desk: Desk, tmp_path: Path) -> None:
    content = write_video(tmp_path / "dance", seconds=1, sound=True).read_bytes()
    asset = desk.asset(content, mime="video/mp4", has_audio=True)
    board = replace(BOARD, driving=Driving(asset, Orientation.IMAGE, keep_sound=True))
    footage = record(Router([Courier("far", video())]), board, desk.errand(), None)
    assert facts(footage.path).has_audio
    assert footage.notes["conformed"]["steps"] == ["dubbed"]


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
    desk: Desk, make: Callable[[Path], object], words: str
) -> None:
    with pytest.raises(ResultUnusable, match=words):
        record(Router([Courier("far", make)]), BOARD, desk.errand(), None)


def test_a_film_without_the_sound_that_was_asked_for_is_unusable(desk: Desk) -> None:
    with pytest.raises(ResultUnusable, match="no sound"):
        record(Router([Courier("far", video())]), replace(BOARD, sound=True), desk.errand(), None)


def test_conforming_stops_with_the_attempt(desk: Desk) -> None:
    def make(path: Path) -> None:
        video(fps=12)(path)
        desk.over = True

    with pytest.raises(Stopped):
        record(Router([Courier("far", make)]), BOARD, desk.errand(), None)


def test_an_engine_that_is_away_rests_and_the_next_is_asked(desk: Desk) -> None:
    away, near = Courier("away", EngineAway("no line")), ScriptedEngine()
    router = Router([away, near], now=lambda: 0.0)
    for _ in range(2):
        assert record(router, BOARD, desk.errand(), None, "away").engine == "scripted"
    assert away.asked == 1
    assert desk.entrusted == ["scripted", "scripted"]


def test_an_engine_that_declines_does_not_rest(desk: Desk) -> None:
    picky, near = Courier("picky", NotStarted("not that one")), ScriptedEngine()
    router = Router([picky, near], now=lambda: 0.0)
    for _ in range(2):
        record(router, BOARD, desk.errand(), None)
    assert picky.asked == 2


@pytest.mark.parametrize("error", [TaskError("no"), CallFailed("gone"), ResultUnusable("bad")])
def test_once_begun_no_other_is_asked(desk: Desk, error: TaskError) -> None:
    near = Courier("near", video())
    with pytest.raises(type(error)):
        record(Router([Courier("far", error), near]), BOARD, desk.errand(), None)
    assert near.asked == 0


def test_where_none_begins_all_say_why(desk: Desk) -> None:
    couriers = [Courier("a", EngineAway("a is away")), Courier("b", NotStarted("b is picky"))]
    with pytest.raises(NoEngine, match="a is away; b is picky"):
        record(Router(couriers), BOARD, desk.errand(), None)


def test_the_engine_of_an_earlier_attempt_is_asked_first(desk: Desk) -> None:
    first, second = Courier("first", video()), Courier("second", video())
    router = Router([first, second], now=lambda: 0.0)
    router.rest(second)
    footage = record(router, BOARD, desk.errand(again=True), None, "second")
    assert (footage.engine, first.asked, desk.entrusted) == ("second", 0, [])


def test_who_takes_over_is_written_down_before_it_is_asked(desk: Desk) -> None:
    class Watching(Courier):
        def carry(self, board: Storyboard, errand: Errand) -> Film:
            assert desk.entrusted == ["second"]
            return super().carry(board, errand)

    router = Router([Courier("first", EngineAway("x")), Watching("second", video())])
    record(router, BOARD, desk.errand(), None, "first")


def test_an_engine_here_makes_the_frames_itself(desk: Desk, tmp_path: Path) -> None:
    marked = tmp_path / "marked.mp4"
    footage = record(Router([ScriptedEngine()]), LARGE, desk.errand(), marked)
    assert footage.job is None
    assert [facts(path).frame_count for path in (footage.path, marked)] == [24, 24]
    assert facts(footage.path).fps == Fraction(24)
