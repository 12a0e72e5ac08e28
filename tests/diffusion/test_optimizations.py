"""Each setting for speed reaches the pipeline, and videos still come out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch and diffusers are missing: make test-diffusion")
pytest.importorskip("diffusers", reason="diffusers is missing: make test-diffusion")

from diffusers.hooks import HookRegistry
from diffusers.models.attention_dispatch import attention_backend
from safetensors.torch import save_file

from kirin.engines.diffusion import optimizer as module
from kirin.engines.diffusion.engine import DiffusionEngine
from kirin.engines.diffusion.model_spec import StepCacheKind
from kirin.engines.diffusion.optimizations import Optimizations, StepCache
from kirin.engines.diffusion.optimizer import experts
from kirin.engines.diffusion.pipeline_manager import load_wan_transformer
from kirin.engines.diffusion.registry import built_in_loras
from kirin.engines.diffusion.runtime import RuntimeConfiguration
from support import tiny
from support.studio import MODELS, Call, Studio, board

TI2V, T2V = "wan2.2-ti2v-5b", "wan2.2-t2v-a14b"


@pytest.fixture(autouse=True)
def _usual_attention() -> Iterator[None]:
    """A model's backend becomes that of the whole process, where others have none of their own."""
    with attention_backend("native"):
        yield


def made(
    studio: Studio, runtime: RuntimeConfiguration, name: str = TI2V, **changes: Any
) -> DiffusionEngine:
    """An engine with one tiny model on a runtime, nothing loaded."""
    model = runtime.adapt(studio.model(name, **changes))
    return DiffusionEngine(studio.store, [model], 80, runtime=runtime)


def asked(studio: Studio, name: str) -> Any:
    """A storyboard that the model can make."""
    first = studio.picture("red", (200, 30, 30))
    last = studio.picture("blue", (30, 30, 200))
    wishes: dict[str, Any] = {
        "wan2.2-i2v-a14b": {"first": first},
        "wan2.1-flf2v-14b": {"first": first, "last": last},
        "wan-move-14b": {"first": first},
        "wan2.2-animate-14b": {"first": first, "driving": studio.driver("walk.mp4")},
    }.get(name, {})
    return board(**wishes)


def latents(studio: Studio, calls: list[Call], engine: DiffusionEngine, story: Any) -> Any:
    """What the pipeline gives for a storyboard."""
    calls.clear()
    assert len(list(studio.clip(engine, story).frames)) == 6
    return calls[0].result.frames


class TestFp8:
    @pytest.mark.parametrize("name", [T2V, "wan2.1-vace-14b", "ltx-2-19b", "wan2.2-animate-14b"])
    def test_blocks_are_kept_in_one_byte(self, studio: Studio, name: str) -> None:
        engine = made(studio, RuntimeConfiguration("cpu", fp8=True), name)
        clip = studio.clip(engine, asked(studio, name))
        assert len(list(clip.frames)) == 6
        assert clip.notes["speed"] == {"fp8": True}
        for expert in experts(engine.pipelines._pipe):
            kinds = {key: value.dtype for key, value in expert.named_parameters()}
            inner = [key for key in kinds if "blocks." in key and key.endswith("to_q.weight")]
            assert inner
            assert {kinds[key] for key in inner} == {torch.float8_e4m3fn}
            assert all(kinds[key] == torch.float32 for key in kinds if "norm" in key)

    def test_pictures_are_nearly_the_same(self, studio: Studio, calls: list[Call]) -> None:
        plain, small = (
            latents(studio, calls, each, board())
            for each in (studio.engine(TI2V), made(studio, RuntimeConfiguration("cpu", fp8=True)))
        )
        assert 0 < (plain - small).abs().max() < 0.2


class TestAttention:
    def test_each_processor_gets_the_backend(self, studio: Studio) -> None:
        for name, backend in (("flash", "_native_flash"), ("native", "native")):
            engine = made(studio, RuntimeConfiguration("cpu", attention=name), T2V)
            clip = studio.clip(engine, board())
            assert len(list(clip.frames)) == 6
            assert clip.notes["speed"] == {"attention": backend.lstrip("_")}
            for expert in experts(engine.pipelines._pipe):
                for block in expert.blocks:
                    assert block.attn1.processor._attention_backend == backend

    def test_masks_are_left_to_torch(self, studio: Studio) -> None:
        engine = made(studio, RuntimeConfiguration("cpu", attention="flash"), "ltx-2-19b")
        clip = studio.clip(engine, board())
        assert len(list(clip.frames)) == 6
        assert clip.notes["speed"] == {"attention": "native"}


class TestCaches:
    @pytest.mark.parametrize(
        ("cache", "name"),
        [
            ("first-block:0.9", TI2V),
            ("first-block:0.9", T2V),
            ("first-block:0.9", "wan2.1-flf2v-14b"),
            ("taylorseer:4", T2V),
            ("taylorseer:4", "wan2.1-vace-14b"),
            ("taylorseer:4", "wan2.2-animate-14b"),
            ("taylorseer:4", "ltx-2-19b"),
        ],
    )
    def test_work_is_left_out_where_a_model_bears_it(
        self, studio: Studio, calls: list[Call], name: str, cache: str
    ) -> None:
        runtime = RuntimeConfiguration("cpu", cache=StepCache.parse(cache))
        engine, plain = made(studio, runtime, name, steps=6), studio.engine(name, steps=6)
        story = asked(studio, name)
        usual = latents(studio, calls, plain, story)
        quick = latents(studio, calls, engine, story)
        borne = runtime.cache is not None and runtime.cache.kind in MODELS[name].step_caches
        assert engine.pipelines._pipe.transformer.is_cache_enabled is borne
        assert bool((usual - quick).abs().max() > 0) is borne
        told = studio.clip(engine, story).notes.get("speed")
        assert told == ({"cache": cache} if borne else None)

    def test_nothing_is_left_of_the_video_before(self, studio: Studio, calls: list[Call]) -> None:
        engine = made(
            studio,
            RuntimeConfiguration("cpu", cache=StepCache(StepCacheKind.FIRST_BLOCK, 0.9)),
            steps=6,
        )
        first = latents(studio, calls, engine, board())
        latents(studio, calls, engine, board(width=60, height=60, seed=8))
        again = latents(studio, calls, engine, board())
        assert torch.equal(first, again)

    def test_a_cache_of_nothing_changes_nothing(self, studio: Studio, calls: list[Call]) -> None:
        runtime = RuntimeConfiguration("cpu", cache=StepCache(StepCacheKind.FIRST_BLOCK, 1e-9))
        plain, cached = (
            latents(studio, calls, each, board())
            for each in (studio.engine(TI2V), made(studio, runtime))
        )
        assert torch.equal(plain, cached)


def test_blocks_are_compiled(
    studio: Studio, calls: list[Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COMPILER", "eager")  # which needs no compiler of C
    engine = made(studio, RuntimeConfiguration("cpu", compiled=True))
    plain = latents(studio, calls, studio.engine(TI2V), board())
    compiled = latents(studio, calls, engine, board())
    assert all(
        block._compiled_call_impl is not None for block in engine.pipelines._pipe.transformer.blocks
    )
    assert (plain - compiled).abs().max() < 1e-5
    assert studio.clip(engine, board()).notes["speed"] == {"compiled": True}


def lora(seed: int) -> dict[str, Any]:
    """Tensors of a LoRA for the tiny transformer, by the names that its makers use."""
    noise = torch.Generator().manual_seed(seed)
    found = {}
    for block in range(tiny.WAN["num_layers"]):
        for layer in "qkvo":
            for attention in ("self_attn", "cross_attn"):
                place = f"diffusion_model.blocks.{block}.{attention}.{layer}"
                for part, shape in (("down", (4, 24)), ("up", (24, 4))):
                    tensor = torch.randn(shape, generator=noise) / 4
                    found[f"{place}.lora_{part}.weight"] = tensor
    return found


class TestLoras:
    @pytest.fixture
    def runtime(self, studio: Studio) -> RuntimeConfiguration:
        """With a tiny LoRA for both experts, in the cache."""
        (usual,) = (each for each in built_in_loras() if each.model == T2V)
        small = replace(usual, repository="tiny/loras")
        files = list(small.files.values())
        if not studio.store.lora_files(small):
            folder = tiny.room(studio.store, small.repository)
            for number, file in enumerate(files):
                save_file(lora(number), folder / file)
        return RuntimeConfiguration("cpu", loras=(small,))

    def test_experts_are_changed_and_steps_are_few(
        self, studio: Studio, runtime: RuntimeConfiguration, calls: list[Call]
    ) -> None:
        plain = studio.engine(T2V)
        list(studio.clip(plain, board()).frames)
        calls.clear()
        engine = made(studio, runtime, T2V)
        clip = studio.clip(engine, board())
        assert len(list(clip.frames)) == 6
        assert clip.notes["speed"] == {"lora": "wan2.2-t2v-a14b-4steps"}
        assert clip.notes["steps"] == 4
        (call,) = calls
        assert call.arguments["num_inference_steps"] == 4
        assert call.arguments["guidance_scale"] == 1
        assert not call.pipe.do_classifier_free_guidance
        assert call.pipe.scheduler.timesteps.tolist() == [999, 937, 833, 625]
        old, new = plain.pipelines._pipe, engine.pipelines._pipe
        for number, name in enumerate(("transformer", "transformer_2")):
            tensors = lora(number)
            place = "diffusion_model.blocks.1.cross_attn.k.lora_"
            change = tensors[f"{place}up.weight"] @ tensors[f"{place}down.weight"]
            before, after = (getattr(pipe, name).blocks[1].attn2.to_k.weight for pipe in (old, new))
            assert torch.allclose(after - before, change, atol=1e-5)
            assert not any("lora" in key for key, _ in getattr(new, name).named_parameters())

    def test_with_fp8_it_is_in_the_weights(
        self, studio: Studio, runtime: RuntimeConfiguration
    ) -> None:
        engine = made(studio, replace(runtime, fp8=True), T2V)
        assert len(list(studio.clip(engine, board()).frames)) == 6
        weight = engine.pipelines._pipe.transformer.blocks[0].attn1.to_q.weight
        assert weight.dtype == torch.float8_e4m3fn

    def test_all_settings_go_together(
        self, studio: Studio, runtime: RuntimeConfiguration, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "COMPILER", "eager")
        cache = StepCache.parse("first-block")
        every = replace(runtime, compiled=True, fp8=True, attention="flash", cache=cache)
        engine = made(studio, every, T2V)
        for seed in (3, 4):  # warm, too
            clip = studio.clip(engine, board(seed=seed))
            assert len(list(clip.frames)) == 6
        assert clip.notes["warm"]
        assert clip.notes["speed"] == {
            "compiled": True,
            "fp8": True,
            "attention": "native_flash",
            "cache": "first-block:0.05",
            "lora": "wan2.2-t2v-a14b-4steps",
        }

    def test_negative_prompts_and_guidance_are_refused(
        self, studio: Studio, runtime: RuntimeConfiguration
    ) -> None:
        engine = made(studio, runtime, T2V)
        for wish, field in (
            ({"negative_prompt": "fog"}, "negative_prompt"),
            ({"guidance": 0.9}, "guidance"),
        ):
            (reason,) = engine.unsupported(board(**wish))
            assert reason.field == field
            assert reason.message.startswith("Wan 2.2 T2V A14B in 4 steps ")

    def test_without_its_file_the_command_is_told(
        self, studio: Studio, runtime: RuntimeConfiguration
    ) -> None:
        (small,) = runtime.loras
        missing = replace(runtime, loras=(replace(small, repository="tiny/none"),))
        (reason,) = made(studio, missing, T2V).unsupported(board())
        assert "hf download tiny/none wan2.2_t2v_A14b_high_noise" in reason.message


def test_other_optimizations_load_the_model_again(studio: Studio) -> None:
    engine = made(studio, RuntimeConfiguration("cpu"))
    list(studio.clip(engine, board()).frames)
    manager, model = engine.pipelines, studio.model(TI2V)
    assert manager.loaded
    snapshot, placement, optimizations = manager.loaded
    assert optimizations == Optimizations()
    kind = type(manager._pipe)
    _, warm = manager.pipeline(kind, snapshot, placement, {}, Optimizations())
    assert warm
    _, warm = manager.pipeline(kind, snapshot, placement, {}, Optimizations(fp8=True))
    assert not warm
    assert model.weights.repository.startswith("tiny/")


def test_what_must_stay_in_four_bytes_does(studio: Studio) -> None:
    model = studio.model("wan-move-14b")
    snapshot, overrides = studio.store.find(model), studio.store.overrides(model)
    assert snapshot
    found = load_wan_transformer(overrides["transformer"], snapshot, "transformer", torch.bfloat16)
    kinds = {name: value.dtype for name, value in found.named_parameters()}
    kept = tuple(found._keep_in_fp32_modules)
    for name, kind in kinds.items():
        whole = any(part in name for part in kept)
        assert kind == (torch.float32 if whole else torch.bfloat16), name
    assert {torch.float32, torch.bfloat16} == set(kinds.values())
    assert all(not value.is_meta for value in (*found.buffers(), *found.parameters()))


def test_hooks_are_of_the_kind_that_was_asked_for(studio: Studio) -> None:
    engine = made(studio, RuntimeConfiguration("cpu", cache=StepCache.parse("first-block")))
    list(studio.clip(engine, board()).frames)
    block = engine.pipelines._pipe.transformer.blocks[0]
    names = HookRegistry.check_if_exists_or_initialize(block).hooks
    assert any("fbc" in name for name in names)
