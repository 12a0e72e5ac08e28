"""Settings for speed: what they change of the facts, and what they ask of a machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kirin.engine_factory import open_rig, open_router
from kirin.engines.diffusion import registry, rig
from kirin.engines.diffusion.ability import reasons
from kirin.engines.diffusion.facts import APACHE, CacheName, OpenModel
from kirin.engines.diffusion.models import ltx2_19b, wan21_vace_14b, wan22_t2v_a14b
from kirin.engines.diffusion.placement import Placement, placements
from kirin.engines.diffusion.registry import built_in, built_in_loras, chosen
from kirin.engines.diffusion.rig import ATTENTION, Rig, StepCache, Tuning
from kirin.engines.diffusion.weights import Shelf
from kirin.errors import KirinError
from kirin.settings import Settings

T2V, VACE, LTX = wan22_t2v_a14b.MODEL, wan21_vace_14b.MODEL, ltx2_19b.MODEL
LORAS = {lora.model: lora for lora in built_in_loras()}


@pytest.mark.parametrize(
    ("text", "cache"),
    [
        ("first-block", StepCache(CacheName.FIRST_BLOCK, 0.05)),
        ("first-block:0.1", StepCache(CacheName.FIRST_BLOCK, 0.1)),
        ("taylorseer", StepCache(CacheName.TAYLORSEER, 5)),
        ("taylorseer:3", StepCache(CacheName.TAYLORSEER, 3)),
    ],
)
def test_a_cache_has_a_name_and_a_value(text: str, cache: StepCache) -> None:
    assert StepCache.parse(text) == cache
    assert StepCache.parse(str(cache)) == cache


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("diffusion_cache", "magic", "there are first-block, taylorseer"),
        ("diffusion_cache", "first-block:much", "is no cache"),
        ("diffusion_cache", "first-block:0", "out of range"),
        ("diffusion_cache", "taylorseer:2.5", "out of range"),
        ("diffusion_cache", "taylorseer:1", "out of range"),
        ("diffusion_attention", "quick", "there are native, cudnn"),
        ("diffusion_loras", "wan9-4steps", "there are wan2.2-i2v-a14b-4steps"),
    ],
)
def test_what_there_is_not_is_told_at_once(setting: str, value: str, words: str) -> None:
    with pytest.raises(KirinError, match=words):
        open_rig(Settings(**{setting: value}))


def test_every_setting_reaches_the_rig() -> None:
    found = open_rig(
        Settings(
            device="cuda:1",
            diffusion_compile=True,
            diffusion_fp8=True,
            diffusion_attention="cudnn",
            diffusion_cache="taylorseer:4",
            diffusion_loras="wan2.2-t2v-a14b-4steps, wan2.2-i2v-a14b-4steps",
        )
    )
    assert found == Rig(
        "cuda:1",
        compiled=True,
        fp8=True,
        attention="cudnn",
        cache=StepCache(CacheName.TAYLORSEER, 4),
        loras=(LORAS["wan2.2-t2v-a14b"], LORAS["wan2.2-i2v-a14b"]),
    )
    assert open_rig(Settings()) == Rig()


class TestFacts:
    def test_fp8_halves_transformers_and_lets_them_stay(self) -> None:
        pixels = 1280 * 720
        small = Rig(fp8=True).suited(VACE)
        assert small.weights.parts["transformer"] == pytest.approx(
            0.52 * VACE.weights.parts["transformer"]
        )
        assert small.weights.parts["text_encoder"] == VACE.weights.parts["text_encoder"]
        assert placements(VACE, pixels, 48)[0] is Placement.STREAMED
        assert placements(small, pixels, 48)[0] is not Placement.STREAMED

    def test_few_steps_take_neither_a_negative_prompt_nor_guidance(self, board: Any) -> None:
        quick = Rig(loras=tuple(LORAS.values())).suited(T2V)
        assert (quick.steps, quick.guidance, quick.lora) == (4, None, LORAS[T2V.id])
        assert reasons(quick, board(), 80) == []
        asked = board(negative_prompt="fog", guidance=0.9)
        assert {each.field for each in reasons(quick, asked, 80)} == {"negative_prompt", "guidance"}
        assert Rig(loras=tuple(LORAS.values())).suited(VACE) is VACE

    def test_weights_and_command_have_what_is_added(self, tmp_path: Path) -> None:
        quick = Rig(loras=tuple(LORAS.values())).suited(T2V)
        command = Shelf(tmp_path).command(quick)
        files = " ".join(LORAS[T2V.id].files.values())
        assert f"hf download lightx2v/Wan2.2-Distill-Loras {files}" in command
        assert command.endswith("(about 127 GB)")

    @pytest.mark.parametrize("model", built_in(), ids=lambda model: model.id)
    def test_a_model_is_spared_what_it_cannot_take(self, model: OpenModel) -> None:
        for name in CacheName:
            cache = StepCache.parse(name.value)
            tuning = Rig(cache=cache).tuning(model, {})
            assert tuning.cache == (cache if name in model.caches else None)
        for name, attention in ATTENTION.items():
            masked = model.masks and not attention.masks
            tuning = Rig(attention=name).tuning(model, {})
            assert tuning.attention == ("native" if masked else attention.backend)
        assert Rig().tuning(model, {}) == Tuning()

    def test_metadata_tell_what_is_not_usual(self) -> None:
        rig = Rig(compiled=True, fp8=True, attention="cudnn", cache=StepCache.parse("taylorseer"))
        assert rig.tuning(T2V, {}).told() == {
            "compiled": True,
            "fp8": True,
            "attention": "native_cudnn",
            "cache": "taylorseer:5",
        }
        assert rig.tuning(LTX, {}).told() == {
            "compiled": True,
            "fp8": True,
            "attention": "native_cudnn",
        }


class TestMachines:
    def test_a_package_that_is_missing_is_named(self) -> None:
        with pytest.raises(KirinError, match="needs the package flash_attn_interface"):
            Rig(attention="flash-attn-3").check()

    def test_loras_need_what_reads_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rig, "find_spec", lambda name: None)
        with pytest.raises(KirinError, match="pip install peft"):
            Rig(loras=tuple(LORAS.values())).check()

    def test_compiling_needs_a_compiler(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rig.shutil, "which", lambda name: None)
        with pytest.raises(KirinError, match="needs a C compiler"):
            Rig(compiled=True).check()
        Rig(fp8=True, attention="flash").check()

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
        assert reason.message == "Wan 2.2 T2V A14B in 4 steps hears no negative prompt"


class TestLoras:
    def test_each_fits_a_model_of_ours(self) -> None:
        models = {model.id: model for model in built_in()}
        for lora in built_in_loras():
            assert set(lora.files) <= set(models[lora.model].weights.parts)
            assert lora.id.startswith(lora.model)
            assert lora.sources

    def test_other_licences_must_be_accepted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        strict = replace(LORAS[T2V.id], licence="Some Licence")
        monkeypatch.setattr(registry, "built_in_loras", lambda: (strict,))
        with pytest.raises(KirinError, match="comes under the Some Licence"):
            chosen([strict.id], [])
        assert chosen([strict.id], [strict.id]) == (strict,)
        assert registry.offered([T2V.id], [strict.id])
        assert LORAS[T2V.id].licence == APACHE

    def test_one_model_has_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        twins = LORAS[T2V.id], replace(LORAS[T2V.id], id="another")
        monkeypatch.setattr(registry, "built_in_loras", lambda: twins)
        with pytest.raises(KirinError, match="for the same model"):
            chosen([lora.id for lora in twins], [])
