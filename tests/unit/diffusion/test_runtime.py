"""Settings for speed: what they change of a specification, and what they need on a machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kirin.composition.engines import open_router, open_runtime
from kirin.engines.diffusion import registry, runtime
from kirin.engines.diffusion.capabilities import unsupported_features
from kirin.engines.diffusion.model_spec import APACHE, ModelSpec, StepCacheKind
from kirin.engines.diffusion.models import ltx2_19b, wan21_vace_14b, wan22_t2v_a14b
from kirin.engines.diffusion.optimizations import ATTENTION_BACKENDS, Optimizations, StepCache
from kirin.engines.diffusion.placement import Placement, placements
from kirin.engines.diffusion.registry import built_in, built_in_loras, select_loras
from kirin.engines.diffusion.runtime import RuntimeConfiguration
from kirin.engines.diffusion.weight_store import WeightStore
from kirin.errors import KirinError
from kirin.settings import Settings

T2V, VACE, LTX = wan22_t2v_a14b.MODEL, wan21_vace_14b.MODEL, ltx2_19b.MODEL
LORAS = {lora.model: lora for lora in built_in_loras()}


@pytest.mark.parametrize(
    ("text", "cache"),
    [
        ("first-block", StepCache(StepCacheKind.FIRST_BLOCK, 0.05)),
        ("first-block:0.1", StepCache(StepCacheKind.FIRST_BLOCK, 0.1)),
        ("taylorseer", StepCache(StepCacheKind.TAYLORSEER, 5)),
        ("taylorseer:3", StepCache(StepCacheKind.TAYLORSEER, 3)),
    ],
)
def test_a_cache_has_a_name_and_a_value(text: str, cache: StepCache) -> None:
    assert StepCache.parse(text) == cache
    assert StepCache.parse(str(cache)) == cache


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("diffusion_cache", "magic", "available: first-block, taylorseer"),
        ("diffusion_cache", "first-block:much", "is not a cache"),
        ("diffusion_cache", "first-block:0", "out of range"),
        ("diffusion_cache", "taylorseer:2.5", "out of range"),
        ("diffusion_cache", "taylorseer:1", "out of range"),
        ("diffusion_attention", "quick", "available: native, cudnn"),
        ("diffusion_loras", "wan9-4steps", "available: wan2.2-i2v-a14b-4steps"),
    ],
)
def test_unknown_values_are_refused(setting: str, value: str, words: str) -> None:
    with pytest.raises(KirinError, match=words):
        open_runtime(Settings(**{setting: value}))


def test_every_setting_reaches_the_runtime_configuration() -> None:
    found = open_runtime(
        Settings(
            device="cuda:1",
            diffusion_compile=True,
            diffusion_fp8=True,
            diffusion_attention="cudnn",
            diffusion_cache="taylorseer:4",
            diffusion_loras="wan2.2-t2v-a14b-4steps, wan2.2-i2v-a14b-4steps",
        )
    )
    assert found == RuntimeConfiguration(
        "cuda:1",
        compiled=True,
        fp8=True,
        attention="cudnn",
        cache=StepCache(StepCacheKind.TAYLORSEER, 4),
        loras=(LORAS["wan2.2-t2v-a14b"], LORAS["wan2.2-i2v-a14b"]),
    )
    assert open_runtime(Settings()) == RuntimeConfiguration()


class TestSpecifications:
    def test_fp8_halves_transformers_and_lets_them_stay(self) -> None:
        pixels = 1280 * 720
        small = RuntimeConfiguration(fp8=True).adapt(VACE)
        assert small.weights.component_gb["transformer"] == pytest.approx(
            0.52 * VACE.weights.component_gb["transformer"]
        )
        assert (
            small.weights.component_gb["text_encoder"] == VACE.weights.component_gb["text_encoder"]
        )
        assert placements(VACE, pixels, 48)[0] is Placement.STREAMED
        assert placements(small, pixels, 48)[0] is not Placement.STREAMED

    def test_few_steps_take_neither_a_negative_prompt_nor_guidance(self, board: Any) -> None:
        quick = RuntimeConfiguration(loras=tuple(LORAS.values())).adapt(T2V)
        assert (quick.steps, quick.guidance, quick.lora) == (4, None, LORAS[T2V.id])
        assert unsupported_features(quick, board(), 80) == []
        asked = board(negative_prompt="fog", guidance=0.9)
        assert {each.field for each in unsupported_features(quick, asked, 80)} == {
            "negative_prompt",
            "guidance",
        }
        assert RuntimeConfiguration(loras=tuple(LORAS.values())).adapt(VACE) is VACE

    def test_weights_and_command_have_what_is_added(self, tmp_path: Path) -> None:
        quick = RuntimeConfiguration(loras=tuple(LORAS.values())).adapt(T2V)
        command = WeightStore(tmp_path).download_command(quick)
        files = " ".join(LORAS[T2V.id].files.values())
        assert f"hf download lightx2v/Wan2.2-Distill-Loras {files}" in command
        assert command.endswith("(about 127 GB)")

    @pytest.mark.parametrize("model", built_in(), ids=lambda model: model.id)
    def test_a_model_is_spared_what_it_cannot_take(self, model: ModelSpec) -> None:
        for name in StepCacheKind:
            cache = StepCache.parse(name.value)
            optimizations = RuntimeConfiguration(cache=cache).optimizations(model, {})
            assert optimizations.cache == (cache if name in model.step_caches else None)
        for name, attention in ATTENTION_BACKENDS.items():
            masked = model.needs_attention_mask and not attention.supports_masks
            optimizations = RuntimeConfiguration(attention=name).optimizations(model, {})
            assert optimizations.attention == ("native" if masked else attention.backend)
        assert RuntimeConfiguration().optimizations(model, {}) == Optimizations()

    def test_metadata_tell_what_is_not_usual(self) -> None:
        runtime = RuntimeConfiguration(
            compiled=True, fp8=True, attention="cudnn", cache=StepCache.parse("taylorseer")
        )
        assert runtime.optimizations(T2V, {}).metadata() == {
            "compiled": True,
            "fp8": True,
            "attention": "native_cudnn",
            "cache": "taylorseer:5",
        }
        assert runtime.optimizations(LTX, {}).metadata() == {
            "compiled": True,
            "fp8": True,
            "attention": "native_cudnn",
        }


class TestMachines:
    def test_a_package_that_is_missing_is_named(self) -> None:
        with pytest.raises(KirinError, match="needs the package flash_attn_interface"):
            RuntimeConfiguration(attention="flash-attn-3").check_requirements()

    def test_loras_need_what_reads_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(runtime, "find_spec", lambda name: None)
        with pytest.raises(KirinError, match="pip install peft"):
            RuntimeConfiguration(loras=tuple(LORAS.values())).check_requirements()

    def test_compiling_needs_a_compiler(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(runtime.shutil, "which", lambda name: None)
        with pytest.raises(KirinError, match="needs a C compiler"):
            RuntimeConfiguration(compiled=True).check_requirements()
        RuntimeConfiguration(fp8=True, attention="flash").check_requirements()

    def test_an_api_without_a_gpu_of_its_own_needs_none_of_it(
        self, tmp_path: Path, board: Any
    ) -> None:
        settings = Settings(
            engines="diffusion",
            gpu_memory_gb=80,
            weights_dir=tmp_path,
            diffusion_attention="flash-attn-3",
            diffusion_models="wan2.2-t2v-a14b",
            diffusion_loras="wan2.2-t2v-a14b-4steps",
        )
        (engine,) = open_router(settings).engines
        (reason,) = engine.unsupported(board(negative_prompt="fog"))
        assert reason.message == "Wan 2.2 T2V A14B in 4 steps does not support negative prompts"


class TestLoras:
    def test_each_fits_a_model_of_ours(self) -> None:
        models = {model.id: model for model in built_in()}
        for lora in built_in_loras():
            assert set(lora.files) <= set(models[lora.model].weights.component_gb)
            assert lora.id.startswith(lora.model)
            assert lora.sources

    def test_other_licences_must_be_accepted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        strict = replace(LORAS[T2V.id], licence="Some Licence")
        monkeypatch.setattr(registry, "built_in_loras", lambda: (strict,))
        with pytest.raises(KirinError, match="is licensed under the Some Licence"):
            select_loras([strict.id], [])
        assert select_loras([strict.id], [strict.id]) == (strict,)
        assert registry.select_models([T2V.id], [strict.id])
        assert LORAS[T2V.id].licence == APACHE

    def test_one_model_has_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        twins = LORAS[T2V.id], replace(LORAS[T2V.id], id="another")
        monkeypatch.setattr(registry, "built_in_loras", lambda: twins)
        with pytest.raises(KirinError, match="for the same model"):
            select_loras([lora.id for lora in twins], [])
