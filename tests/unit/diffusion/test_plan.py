"""A storyboard in the terms of a model: every frame has its place."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.diffusion.model_spec import ModelSpec
from kirin.engines.diffusion.models import ltx2_19b, wan21_flf2v_14b, wan22_ti2v_5b
from kirin.engines.diffusion.plan import chained_shots, generation_lengths, plan
from kirin.engines.diffusion.registry import built_in

PICTURE = Asset.announced(AssetKind.IMAGE)
TI2V, FLF, LTX = wan22_ti2v_5b.MODEL, wan21_flf2v_14b.MODEL, ltx2_19b.MODEL


def test_a_video_at_the_models_own_rate_is_trimmed(board: Any) -> None:
    (shot_plan,) = plan(board(seconds=5), TI2V)
    assert shot_plan.count == 120
    assert [run.frames for run in shot_plan.generations] == [121]
    assert shot_plan.positions == tuple(range(120))
    assert not shot_plan.interpolated
    assert (shot_plan.width, shot_plan.height) == (1280, 736)


def test_a_faster_video_lies_between_the_models_frames(board: Any) -> None:
    (shot_plan,) = plan(board(seconds=5, first=PICTURE), FLF)
    assert shot_plan.fps == 16
    assert shot_plan.positions[:4] == (0, Fraction(2, 3), Fraction(4, 3), 2)
    assert shot_plan.interpolated
    assert shot_plan.generated_count >= shot_plan.positions[-1] + 1


def test_a_last_frame_is_not_cut_off(board: Any) -> None:
    (shot_plan,) = plan(board(seconds=5, first=PICTURE, last=PICTURE), FLF)
    assert shot_plan.stretched
    assert (shot_plan.positions[0], shot_plan.positions[-1]) == (0, shot_plan.generated_count - 1)


def test_frames_at_the_models_own_rate_stay_whole_even_if_stretched(board: Any) -> None:
    (shot_plan,) = plan(board(seconds=5, last=PICTURE), LTX)
    assert shot_plan.stretched
    assert not shot_plan.interpolated
    assert shot_plan.positions[-1] == shot_plan.generated_count - 1
    assert len(set(shot_plan.positions)) == 120


def test_a_long_shot_is_chained(board: Any) -> None:
    (shot_plan,) = plan(board(seconds=15, first=PICTURE, last=PICTURE), TI2V)
    runs = shot_plan.generations
    assert [run.frames for run in runs] == [121, 121, 121]
    assert [(run.first, run.last) for run in runs] == [(True, False), (False, False), (False, True)]
    assert len({run.seed for run in runs}) == 3
    assert shot_plan.generated_count == 361


def test_a_model_with_a_rate_input_generates_that_rate(board: Any) -> None:
    (shot_plan,) = plan(board(seconds=5, fps=Fraction(30)), LTX)
    assert (shot_plan.fps, shot_plan.interpolated) == (30, False)


def test_each_shot_is_planned_with_a_seed_of_its_own(board: Any) -> None:
    shots = (Shot("a", 2), Shot("b", 0.001), Shot("c", 3))
    shot_plans = plan(board(shots=shots, seed=7), TI2V)
    assert [(shot_plan.shot.prompt, shot_plan.count) for shot_plan in shot_plans] == [
        ("a", 48),
        ("c", 72),
    ]
    assert [shot_plan.generations[0].seed for shot_plan in shot_plans] == [7, 9]


def test_a_stricter_storyboard_is_guided_more(board: Any) -> None:
    scales = [plan(board(guidance=value), TI2V)[0].guidance_scale for value in (0, 0.5, 1)]
    assert scales == [2.5, 5.0, 8.0]


MODELS = st.sampled_from(built_in())


@given(model=MODELS, count=st.integers(1, 1000))
def test_generations_are_on_the_grid_and_enough(model: ModelSpec, count: int) -> None:
    runs = generation_lengths(model, count)
    assert all((run - 1) % model.frames.step == 0 for run in runs)
    assert all(run <= model.frames.max_count for run in runs)
    assert sum(runs) - len(runs) + 1 >= count
    assert sum(runs[:-1]) - len(runs[:-1]) + 1 < count or len(runs) == 1


@given(
    model=MODELS,
    seconds=st.lists(st.floats(0.05, 20), min_size=1, max_size=4),
    fps=st.sampled_from([Fraction(24), Fraction(30), Fraction(30000, 1001), Fraction(12)]),
    last=st.booleans(),
)
def test_the_shot_plans_fill_the_video_in_order(
    model: ModelSpec, seconds: list[float], fps: Fraction, last: bool
) -> None:
    shots = tuple(Shot("", length, last=PICTURE if last else None) for length in seconds)
    board = Storyboard("any", 640, 360, fps, shots)
    shot_plans = plan(board, model)
    assert sum(shot_plan.count for shot_plan in shot_plans) == board.frame_count
    for shot_plan in shot_plans:
        assert len(shot_plan.positions) == shot_plan.count
        assert list(shot_plan.positions) == sorted(shot_plan.positions)
        assert (
            0 <= shot_plan.positions[0] <= shot_plan.positions[-1] <= shot_plan.generated_count - 1
        )
    assert chained_shots(board, model) == [
        shot_plan.shot for shot_plan in shot_plans if len(shot_plan.generations) > 1
    ]
