"""Slow motion and time-lapse: what the stage's clocks say."""

from __future__ import annotations

import pytest

from kirin.domain.cast import Style
from kirin.engines.animatic.look.pace import Pace


def test_without_a_pace_the_clocks_are_those_of_the_film() -> None:
    pace = Pace.of((Style.NOIR,), 24.0)
    assert pace.seconds(48) == pace.cast_seconds(48) == 2.0
    assert pace.length(120) == 5.0


def test_slow_motion_slows_scene_and_cast_alike() -> None:
    pace = Pace.of((Style.NOIR, Style.SLOW_MOTION), 24.0)
    assert pace.seconds(48) == pace.cast_seconds(48) == pytest.approx(0.7)
    assert pace.length(120) == pytest.approx(1.75)


def test_time_lapse_runs_with_the_clouds_but_not_with_legs() -> None:
    pace = Pace.of((Style.TIME_LAPSE,), 24.0)
    assert pace.seconds(48) == pytest.approx(16.0)
    assert 2.0 < pace.cast_seconds(48) < 8.0


def test_the_first_pace_wins() -> None:
    assert Pace.of((Style.TIME_LAPSE, Style.SLOW_MOTION), 24.0).scene == 8.0
