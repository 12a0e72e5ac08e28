"""What is known of the open models hangs together."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from kirin.engines.diffusion.model_spec import (
    APACHE,
    Capability,
    FrameLimits,
    Guidance,
    ModelSpec,
    SizeLimits,
)
from kirin.engines.diffusion.models import ltx2_19b, wan22_t2v_a14b, wan22_ti2v_5b
from kirin.engines.diffusion.placement import (
    TIERS_GB,
    Placement,
    min_gb,
    must_stream,
    placements,
    required_gb,
)
from kirin.engines.diffusion.registry import built_in, select_models
from kirin.engines.diffusion.runtime import RuntimeConfiguration
from kirin.errors import KirinError


@pytest.mark.parametrize("model", built_in(), ids=lambda model: model.id)
class TestEveryModel:
    def test_is_consistent(self, model: ModelSpec) -> None:
        assert (model.frames.max_count - 1) % model.frames.step == 0
        assert model.frames.at_least(model.frames.max_count) == model.frames.max_count
        assert model.capabilities
        assert model.sources
        assert model.weights.repository.count("/") == 1
        assert set(model.weights.component_gb) >= {"text_encoder", "transformer", "vae"}

    def test_guides_above_one_so_that_negative_prompts_are_heard(self, model: ModelSpec) -> None:
        guidance = model.guidance
        assert bool(guidance) is (Capability.NEGATIVE_PROMPT in model.capabilities)
        if guidance is None:
            return
        assert 1 < guidance.low < guidance.default < guidance.high
        assert guidance.low * (guidance.second_expert or 1) > 1

    def test_runs_at_full_size_on_the_largest_tier(self, model: ModelSpec) -> None:
        assert placements(model, model.sizes.max_pixels, TIERS_GB[-1])

    def test_needs_less_of_the_gpu_the_more_lies_elsewhere(self, model: ModelSpec) -> None:
        pixels = model.sizes.max_pixels
        needs = [required_gb(model, placement, pixels) for placement in Placement]
        assert needs == sorted(needs, reverse=True)
        assert required_gb(model, Placement.STREAMED, pixels // 4) < needs[-1]


def test_ids_and_repositories_are_their_own() -> None:
    assert len({model.id for model in built_in()}) == len(built_in())
    assert len({model.weights.repository for model in built_in()}) == len(built_in())


def test_guidance_meets_its_three_points() -> None:
    guidance = Guidance(2, 5, 9)
    assert [guidance.scale(value) for value in (0, 0.25, 0.5, 0.75, 1)] == [2, 3.5, 5, 7, 9]


def test_frames_are_rounded_up_to_the_grid() -> None:
    frames = FrameLimits(4, 81, Fraction(16))
    assert [frames.at_least(count) for count in (1, 2, 5, 6, 80, 81)] == [5, 5, 5, 9, 81, 81]


def test_only_a_model_with_a_rate_input_has_other_rates() -> None:
    fixed = FrameLimits(4, 81, Fraction(16))
    told = replace(fixed, fps=Fraction(24), max_fps=Fraction(50))
    assert fixed.rate(Fraction(30)) == 16
    assert [told.rate(Fraction(rate)) for rate in (12, 30, 60)] == [24, 30, 50]


def test_sizes_are_rounded_up() -> None:
    assert SizeLimits(32, 1).at_least(1280, 720) == (1280, 736)


def test_small_gpus_hold_less_of_a_model() -> None:
    model, pixels = wan22_ti2v_5b.MODEL, 1280 * 720
    max_fps = [placements(model, pixels, size)[:1] for size in (8, 24, 48)]
    assert max_fps == [(), (Placement.OFFLOADED,), (Placement.RESIDENT,)]


def test_a_gpu_streams_what_it_cannot_hold_a_part_of() -> None:
    large, small = wan22_t2v_a14b.MODEL, wan22_ti2v_5b.MODEL
    assert [must_stream(large, 1280 * 720, size) for size in (8, 24, 48)] == [True, True, False]
    assert [must_stream(small, 1280 * 720, size) for size in (8, 24, 48)] == [True, False, False]


class TestOffer:
    def test_is_every_apache_model_by_itself(self) -> None:
        assert {model.licence for model in select_models((), ())} == {APACHE}
        assert ltx2_19b.MODEL not in select_models((), ())

    def test_grows_by_a_licence_that_was_accepted(self) -> None:
        assert ltx2_19b.MODEL in select_models((), ["ltx-2-19b"])

    def test_keeps_to_the_names_given(self) -> None:
        assert select_models(["wan2.2-ti2v-5b"], ["ltx-2-19b"]) == (wan22_ti2v_5b.MODEL,)

    def test_refuses_a_licence_that_nobody_accepted(self) -> None:
        with pytest.raises(KirinError, match="KIRIN_DIFFUSION_ACCEPT"):
            select_models(["ltx-2-19b"], [])

    @pytest.mark.parametrize("where", ["names", "accepted"])
    def test_refuses_a_model_that_there_is_not(self, where: str) -> None:
        given = {"names": [], "accepted": [], where: ["wan9"]}
        with pytest.raises(KirinError, match=r"unknown open model 'wan9'; available: wan2\.2"):
            select_models(**given)

    def test_puts_the_best_first(self) -> None:
        assert [model.rank for model in built_in()] == sorted(model.rank for model in built_in())


def test_something_honours_each_gift() -> None:
    assert set().union(*(model.capabilities for model in built_in())) == set(Capability)


def test_a_processor_holds_the_whole_model_in_numbers_of_twice_the_size() -> None:
    model, pixels = wan22_ti2v_5b.MODEL, 1280 * 720
    adapt = RuntimeConfiguration("cpu").adapt(model)
    assert RuntimeConfiguration("cuda:1").adapt(model) is model
    assert adapt.weights.component_gb == {"text_encoder": 22.8, "transformer": 20.0, "vae": 2.8}
    needed = required_gb(adapt, Placement.RESIDENT, pixels)
    assert placements(adapt, pixels, needed) == (Placement.RESIDENT,)
    assert placements(adapt, pixels, needed - 0.1) == ()
    assert min_gb(adapt, pixels) == needed
