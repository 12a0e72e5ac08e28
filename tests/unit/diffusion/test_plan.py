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
    (take,) = plan(board(seconds=5), TI2V)
    assert take.count == 120
    assert [run.frames for run in take.generations] == [121]
    assert take.positions == tuple(range(120))
    assert not take.interpolated
    assert (take.width, take.height) == (1280, 736)


def test_a_faster_video_lies_between_the_models_frames(board: Any) -> None:
    (take,) = plan(board(seconds=5, first=PICTURE), FLF)
    assert take.fps == 16
    assert take.positions[:4] == (0, Fraction(2, 3), Fraction(4, 3), 2)
    assert take.interpolated
    assert take.made >= take.positions[-1] + 1


def test_a_last_frame_is_not_cut_off(board: Any) -> None:
    (take,) = plan(board(seconds=5, first=PICTURE, last=PICTURE), FLF)
    assert take.stretched
    assert (take.positions[0], take.positions[-1]) == (0, take.made - 1)


def test_frames_at_the_models_own_rate_stay_whole_even_if_stretched(board: Any) -> None:
    (take,) = plan(board(seconds=5, last=PICTURE), LTX)
    assert take.stretched
    assert not take.interpolated
    assert take.positions[-1] == take.made - 1
    assert len(set(take.positions)) == 120


def test_a_long_shot_is_chained(board: Any) -> None:
    (take,) = plan(board(seconds=15, first=PICTURE, last=PICTURE), TI2V)
    runs = take.generations
    assert [run.frames for run in runs] == [121, 121, 121]
    assert [(run.first, run.last) for run in runs] == [(True, False), (False, False), (False, True)]
    assert len({run.seed for run in runs}) == 3
    assert take.made == 361


def test_a_model_with_a_rate_input_generates_that_rate(board: Any) -> None:
    (take,) = plan(board(seconds=5, fps=Fraction(30)), LTX)
    assert (take.fps, take.interpolated) == (30, False)


def test_each_shot_is_a_take_with_a_seed_of_its_own(board: Any) -> None:
    shots = (Shot("a", 2), Shot("b", 0.001), Shot("c", 3))
    takes = plan(board(shots=shots, seed=7), TI2V)
    assert [(take.shot.prompt, take.count) for take in takes] == [("a", 48), ("c", 72)]
    assert [take.generations[0].seed for take in takes] == [7, 9]


def test_a_stricter_storyboard_is_guided_more(board: Any) -> None:
    scales = [plan(board(guidance=value), TI2V)[0].scale for value in (0, 0.5, 1)]
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
    takes = plan(board, model)
    assert sum(take.count for take in takes) == board.frame_count
    for take in takes:
        assert len(take.positions) == take.count
        assert list(take.positions) == sorted(take.positions)
        assert 0 <= take.positions[0] <= take.positions[-1] <= take.made - 1
    assert chained_shots(board, model) == [take.shot for take in takes if len(take.generations) > 1]
