"""Doctor tells which models a GPU can serve, without one."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from kirin.composition.checks import gpu
from kirin.composition.engines import open_router
from kirin.engines.diffusion.gpu import device_gb, gpu_gb, main_gb
from kirin.engines.diffusion.models import wan22_ti2v_5b
from kirin.engines.diffusion.placement import Placement
from kirin.engines.diffusion.registry import select_models
from kirin.engines.diffusion.support import model_support
from kirin.engines.diffusion.weight_store import WeightStore
from kirin.errors import KirinError
from kirin.settings import Settings, default_weights_dir


def test_a_model_that_is_there_comes_before_a_better_one(
    board: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boards = {"text": board(), "sound": board(sound=True)}
    models = select_models((), ())
    store = WeightStore(tmp_path)
    first, second = model_support(boards, models, store, 80)
    assert first.model
    assert (first.model.id, first.placement, first.is_downloaded) == (
        "wan2.2-t2v-a14b",
        Placement.OFFLOADED,
        False,
    )
    assert second.model is None
    monkeypatch.setattr(
        WeightStore, "find", lambda _, model: tmp_path if model is wan22_ti2v_5b.MODEL else None
    )
    there, _ = model_support(boards, models, store, 80)
    assert (there.model, there.placement) == (wan22_ti2v_5b.MODEL, Placement.RESIDENT)


def test_a_model_that_need_not_be_streamed_comes_first(board: Any, tmp_path: Path) -> None:
    (small,) = model_support({"text": board()}, select_models((), ()), WeightStore(tmp_path), 24)
    assert (small.model, small.placement) == (wan22_ti2v_5b.MODEL, Placement.OFFLOADED)


def test_doctor_lists_models_and_commands(tmp_path: Path) -> None:
    settings = Settings(engines="diffusion", gpu_memory_gb=80, weights_dir=tmp_path)
    found = gpu(settings)
    assert not found.good
    assert "80 GB of GPU memory; " in found.detail
    assert "kirin_v1_i2v by wan2.2-i2v-a14b (offloaded, weights missing)" in found.detail
    command = f"hf download Wan-AI/Wan2.2-I2V-A14B-Diffusers --cache-dir {tmp_path} (about 126 GB)"
    assert command in found.remedy


@pytest.mark.skipif(gpu_gb() is not None, reason="this machine has a GPU")
@pytest.mark.parametrize(("engines", "good"), [("animatic", True), ("diffusion", False)])
def test_doctor_misses_a_gpu_only_where_it_is_wanted(engines: str, good: bool) -> None:
    found = gpu(Settings(engines=engines))
    assert (found.good, bool(found.remedy)) == (good, not good)


def test_doctor_counts_the_main_memory_for_the_processor(tmp_path: Path) -> None:
    found = gpu(Settings(engines="diffusion", device="cpu", weights_dir=tmp_path))
    assert found.detail.startswith(f"{main_gb():.0f} GB of main memory; ")
    assert "offloaded" not in found.detail


def test_a_container_has_the_memory_that_it_may_take(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    whole = main_gb(limit)
    assert whole > 1
    limit.write_text("500000000\n")
    assert main_gb(limit) == 0.5
    limit.write_text("max\n")
    assert main_gb(limit) == whole
    assert device_gb("cpu") is not None


def test_a_library_that_is_not_there_is_no_gpu() -> None:
    assert gpu_gb("libno-such-thing.so") is None


def test_settings_choose_the_engine_and_its_models(tmp_path: Path, board: Any) -> None:
    usual = {"engines": "diffusion,animatic", "weights_dir": tmp_path, "gpu_memory_gb": 80}
    router = open_router(Settings(**usual))
    assert [engine.name for engine in router.engines] == ["diffusion", "animatic"]
    assert router.engines[0].unsupported(board()) == []  # workers elsewhere have the weights
    sound = board(sound=True)
    assert router.engines[0].unsupported(sound)
    accepting = open_router(Settings(**usual, diffusion_accept="ltx-2-19b"))
    assert accepting.engines[0].unsupported(sound) == []
    with pytest.raises(KirinError, match="unknown open model"):
        open_router(Settings(**usual, diffusion_models="wan9"))


@pytest.mark.skipif(find_spec("diffusers") is not None, reason="diffusers is installed here")
def test_without_its_libraries_the_engine_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(KirinError, match=r"pip install 'kirin\[gpu\]'"):
        open_router(Settings(engines="diffusion", weights_dir=tmp_path))


def test_weights_are_looked_for_where_the_hub_puts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/ada")
    assert str(default_weights_dir()) == "/home/ada/.cache/huggingface/hub"
    monkeypatch.setenv("HF_HOME", "/big")
    assert str(default_weights_dir()) == "/big/hub"
    monkeypatch.setenv("HF_HUB_CACHE", "/hub")
    assert default_weights_dir() == Path("/hub")
