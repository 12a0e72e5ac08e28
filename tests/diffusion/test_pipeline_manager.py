"""One model on the device, loaded from the cache; what happens when memory runs out."""

from __future__ import annotations

import inspect
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch and diffusers are missing: make test-diffusion")
diffusers = pytest.importorskip("diffusers", reason="diffusers is missing: make test-diffusion")

from kirin.engines.diffusion import pipeline_manager as module
from kirin.engines.diffusion.adapters.move import WanMovePipeline
from kirin.engines.diffusion.adapters.wan import decode_latents
from kirin.engines.diffusion.engine import DiffusionEngine
from kirin.engines.diffusion.pipeline_manager import (
    PipelineManager,
    call,
    convert_pipeline,
    place_weights,
)
from kirin.engines.diffusion.placement import Placement
from kirin.engines.diffusion.runtime import RuntimeConfiguration
from kirin.engines.diffusion.tokens import token_counter
from kirin.engines.diffusion.tracks import latent_copies
from kirin.errors import FailureKind, NoEngine
from support import tiny
from support.studio import Call, Studio, board

TI2V, T2V = "wan2.2-ti2v-5b", "wan2.2-t2v-a14b"


def out_of_memory(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let pipelines run out of memory so many times."""
    from kirin.engines.diffusion import video_generator

    usual, left = video_generator.call, [None] * times

    def failing(pipe: Any, **arguments: Any) -> Any:
        if left:
            left.pop()
            arguments["callback_on_step_end"](pipe, 0, 0, {})
            raise torch.OutOfMemoryError("CUDA out of memory")
        return usual(pipe, **arguments)

    monkeypatch.setattr(video_generator, "call", failing)


class TestMemory:
    def test_short_of_it_the_next_lower_tier_is_tried(
        self, studio: Studio, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out_of_memory(monkeypatch, 1)
        clip = studio.clip(studio.fresh(TI2V), board())
        assert len(list(clip.frames)) == 6
        assert clip.notes["placement"] == "offloaded"
        assert studio.told == sorted(studio.told)
        assert studio.told[-1] <= 1

    def test_short_of_it_twice_the_video_fails_alone(
        self, studio: Studio, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        engine = studio.fresh(TI2V)
        out_of_memory(monkeypatch, 2)
        with pytest.raises(NoEngine, match="ran out of GPU memory for 32x32") as caught:
            next(studio.clip(engine, board()).frames)
        assert caught.value.kind is FailureKind.RESOURCES
        assert engine.pipelines.loaded is None
        assert len(list(studio.clip(engine, board()).frames)) == 6

    def test_on_the_lowest_tier_there_is_no_second_try(
        self, studio: Studio, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model = studio.model(TI2V)
        heavy = replace(model.weights, component_gb={"transformer": 100, "vae": 1})
        engine = DiffusionEngine(
            studio.store, [replace(model, weights=heavy)], 24, runtime=RuntimeConfiguration("cpu")
        )
        out_of_memory(monkeypatch, 1)
        with pytest.raises(NoEngine, match="streamed"):
            next(studio.clip(engine, board()).frames)


class TestLoading:
    def test_another_model_takes_the_place(self, studio: Studio) -> None:
        engine = DiffusionEngine(
            studio.store,
            [studio.model(T2V), studio.model(TI2V)],
            80,
            runtime=RuntimeConfiguration("cpu"),
        )
        list(studio.clip(engine, board()).frames)
        first = engine.pipelines.loaded
        list(studio.clip(engine, board(first=studio.picture("red", (255, 0, 0)))).frames)
        assert first
        assert engine.pipelines.loaded
        assert engine.pipelines.loaded[0] != first[0]

    def test_one_that_need_not_be_streamed_is_taken_first(self, studio: Studio) -> None:
        heavy, light = studio.model(T2V), studio.model(TI2V)
        weights = replace(heavy.weights, component_gb={"transformer": 30, "vae": 1})
        models = [replace(heavy, weights=weights), light]
        for gpu_gb, name in ((80, T2V), (24, TI2V)):
            engine = DiffusionEngine(
                studio.store, models, gpu_gb, runtime=RuntimeConfiguration("cpu")
            )
            assert studio.clip(engine, board()).notes["open_model"] == name

    def test_weights_that_went_are_told(self, studio: Studio, tmp_path: Path) -> None:
        engine = studio.engine(TI2V)
        lost = DiffusionEngine(
            type(studio.store)(tmp_path),
            [studio.model(TI2V)],
            80,
            runtime=RuntimeConfiguration("cpu"),
        )
        assert engine.unsupported(board()) == []
        with pytest.raises(NoEngine, match=r"hf download tiny/Wan2\.2-TI2V-5B-Diffusers"):
            lost.render(board(), lambda asset: tmp_path, studio.told.append, lambda: False)

    @pytest.mark.parametrize(
        ("placement", "placed"),
        [(Placement.RESIDENT, 2), (Placement.OFFLOADED, 2), (Placement.STREAMED, 1)],
    )
    def test_another_class_is_placed_where_it_must(
        self, studio: Studio, monkeypatch: pytest.MonkeyPatch, placement: Placement, placed: int
    ) -> None:
        done = []
        monkeypatch.setattr(module, "place_weights", lambda *given: done.append(given[1]))
        snapshot = studio.store.find(studio.model(TI2V))
        assert snapshot
        manager = PipelineManager("cpu")
        one, cold = manager.pipeline(diffusers.WanPipeline, snapshot, placement, {})
        two, warm = manager.pipeline(diffusers.WanImageToVideoPipeline, snapshot, placement, {})
        assert (cold, warm) == (False, True)
        assert two.vae is one.vae
        assert done == [placement] * placed

    def test_both_classes_share_the_components_as_they_are(self) -> None:
        pipe = tiny.wan_ti2v().to(torch.bfloat16)
        other = convert_pipeline(pipe, diffusers.WanImageToVideoPipeline)
        assert other.transformer is pipe.transformer
        assert other.transformer.dtype == torch.bfloat16
        assert other.config.expand_timesteps is True

    @pytest.mark.parametrize("name", [TI2V, "ltx-2-19b"])
    def test_the_tokens_are_counted_as_the_encoder_does(self, studio: Studio, name: str) -> None:
        model = studio.model(name)
        snapshot = studio.store.find(model)
        assert snapshot
        count = token_counter(snapshot)
        assert count
        assert count("a lake") == len(tiny.tokenizer()("a lake").input_ids) == 7
        engine = studio.engine(name)
        (reason,) = engine.unsupported(board(prompt="x" * 48))
        assert reason.field == "shots.prompt"
        assert engine.unsupported(board(prompt="x" * 47)) == []


def test_a_transformer_in_its_makers_layout_takes_the_place(studio: Studio) -> None:
    model = studio.model("wan-move-14b")
    engine = studio.engine("wan-move-14b")
    next(studio.clip(engine, board(first=studio.picture("red", (255, 0, 0)))).frames)
    found = engine.pipelines._pipe.transformer
    torch.manual_seed(9)
    expected = diffusers.WanTransformer3DModel.from_config(found.config).state_dict()
    state = found.state_dict()
    assert set(state) == set(expected)
    assert all(torch.equal(state[name], expected[name]) for name in expected)
    assert set(studio.store.overrides(model)) == {"transformer"}


class TestBrush:
    def test_the_first_frames_latents_are_copied_along(self) -> None:
        pipe = tiny.wan_i2v_480p()
        moving = WanMovePipeline(**pipe.components)
        nowhere = [[0.0, 0.0]] * 3
        tracks = np.array([[[12.0, 20.0], *nowhere, [28.0, 4.0], *nowhere, [99.0, 4.0]]])
        moving._copies = latent_copies(tracks, 4, 4, 4)
        given = {
            "image": torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(0)),
            "batch_size": 1,
            "height": 32,
            "width": 32,
            "num_frames": 9,
            "dtype": torch.float32,
            "device": torch.device("cpu"),
        }
        _, plain = pipe.prepare_latents(**given, generator=torch.Generator().manual_seed(0))
        _, copied = moving.prepare_latents(**given, generator=torch.Generator().manual_seed(0))
        assert torch.equal(copied[0, 4:, 1, 0, 3], plain[0, 4:, 0, 2, 1])
        changed = (copied != plain).any(1)[0].nonzero().tolist()
        assert changed == [[1, 0, 3]]


class Spy:
    """A pipeline that notes what is done to it."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.vae = self

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("enable") and name != "to":
            raise AttributeError(name)

        def note(*_given: Any, **named: Any) -> None:
            if name not in {"to", "enable_tiling"}:
                known = inspect.signature(getattr(diffusers.DiffusionPipeline, name)).parameters
                assert set(named) <= set(known)
            self.done.append(name)

        return note


@pytest.mark.parametrize(
    ("placement", "done"),
    [
        (Placement.RESIDENT, ["to"]),
        (Placement.OFFLOADED, ["enable_tiling", "enable_model_cpu_offload"]),
        (Placement.STREAMED, ["enable_tiling", "enable_group_offload"]),
    ],
)
def test_each_placement_is_what_it_says(placement: Placement, done: list[str]) -> None:
    spy = Spy()
    place_weights(spy, placement, torch.device("cuda"))
    assert spy.done == done


class TestCalls:
    def test_an_argument_that_a_pipeline_does_not_know_is_an_error(self) -> None:
        class Careless:
            def __call__(self, prompt: str = "") -> None: ...

        with pytest.raises(TypeError, match="Careless has no argument last_image"):
            call(Careless(), prompt="a", last_image=None)

    @pytest.mark.parametrize(
        ("name", "given"),
        [
            (TI2V, "first"),
            (T2V, ""),
            ("wan2.2-i2v-a14b", "first"),
            ("wan2.1-flf2v-14b", "first last"),
            ("wan2.1-vace-14b", "first last"),
            ("ltx-2-19b", "first last"),
        ],
    )
    def test_pipelines_get_all_that_was_asked(
        self, studio: Studio, calls: list[Call], name: str, given: str
    ) -> None:
        pictures = {word: studio.picture(word, (9, 9, 9)) for word in given.split()}
        model = studio.model(name)
        story = board(negative_prompt="fog", guidance=0.8, **pictures)
        next(studio.clip(studio.engine(name), story).frames)
        (made,) = calls
        arguments = made.arguments
        known = inspect.signature(type(made.pipe).__call__).parameters
        assert set(arguments) <= set(known)
        assert model.guidance
        assert arguments["prompt"] == "a lake"
        assert arguments["negative_prompt"] == "fog"
        assert arguments["guidance_scale"] == model.guidance.scale(0.8)
        assert (arguments["width"], arguments["height"]) == (32, 32)
        assert arguments["num_inference_steps"] == model.steps
        assert arguments["max_sequence_length"] == model.prompt_tokens
        assert arguments["generator"].initial_seed() == 3
        assert {**model.options, **arguments} == arguments
        assert made.pipe.do_classifier_free_guidance


@pytest.mark.parametrize("patch", [None, 2])
def test_decoding_by_and_by_gives_the_same_frames(patch: int | None) -> None:
    changes = {} if patch is None else {"patch_size": 2, "in_channels": 12, "out_channels": 12}
    vae = tiny.wan_vae(**changes)
    latents = torch.randn(1, 16, 4, 4, 4, generator=torch.Generator().manual_seed(0))
    whole, parts = (list(decode_latents(vae, latents, streaming)) for streaming in (False, True))
    assert len(whole) == len(parts) == 13
    assert all((one == two).all() for one, two in zip(whole, parts, strict=True))


def test_the_device_is_reserved_for_one_at_a_time() -> None:
    manager = PipelineManager("cpu")
    asked = []

    def check() -> None:
        asked.append(None)
        raise InterruptedError

    with manager.exclusive(check), pytest.raises(InterruptedError), manager.exclusive(check):
        pass
    assert len(asked) == 1


def test_the_api_process_needs_no_torch(studio: Studio) -> None:
    studio.model(TI2V)
    script = """
import sys
from pathlib import Path
from dataclasses import replace
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.diffusion.engine import DiffusionEngine
from kirin.engines.diffusion.models.wan22_ti2v_5b import MODEL
from kirin.engines.diffusion.weight_store import WeightStore
weights = replace(MODEL.weights, repository="tiny/Wan2.2-TI2V-5B-Diffusers")
engine = DiffusionEngine(WeightStore(Path(sys.argv[1])), [replace(MODEL, weights=weights)], 80)
board = Storyboard("any", 1280, 720, 24, (Shot("x" * 600, 5),))
print([reason.field for reason in engine.unsupported(board)])
print(sorted({"torch", "diffusers", "transformers"} & set(sys.modules)))
"""
    done = subprocess.run(  # noqa: S603  our own script
        [sys.executable, "-c", script, str(studio.store.folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split("\n")[:2] == ["['shots.prompt']", "[]"]
