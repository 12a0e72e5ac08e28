"""What the engine for tests does at a word: standing still until it is let go."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.base import Clip
from kirin.engines.scripted import ScriptedEngine
from kirin.errors import Stopped
from support.holds import Hold, holding
from support.render_contexts import BOARD


def clip_of(board: Storyboard, told: list[float], cancelled: object) -> Clip:
    return ScriptedEngine().render(board, Path, told.append, cancelled)  # type: ignore[arg-type]


def held(word: str) -> Storyboard:
    return replace(BOARD, shots=(Shot(f"tiny {word}", 1),))


def test_a_held_video_stands_still_in_its_middle_until_it_is_let_go(tmp_path: Path) -> None:
    hold, told, looks = Hold(tmp_path), [0.0], count()

    def cancelled() -> bool:
        # So often it has looked only if it stands still.
        if next(looks) == held(hold.word).frame_count // 2 + 3:
            assert told[-1] < 0.5
            hold.release()
        return False

    clip = clip_of(held(hold.word), told, cancelled)
    assert len(list(clip.frames)) == clip.frame_count
    assert told[-1] > 0.9


def test_a_held_video_can_be_stopped(tmp_path: Path) -> None:
    hold, told = Hold(tmp_path), [0.0]
    looks = count()
    clip = clip_of(held(hold.word), told, lambda: next(looks) > 16)
    with pytest.raises(Stopped):
        list(clip.frames)
    assert 0 < told[-1] < 0.5


def test_a_hold_lets_go_at_the_end_of_its_block(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="broken"), holding(tmp_path) as hold:
        raise ValueError("broken")
    assert hold.sign.exists()
