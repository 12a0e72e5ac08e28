"""The GPU benchmark: its parts, on the processor."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

torch = pytest.importorskip("torch", reason="torch and diffusers are missing: make test-diffusion")
pytest.importorskip("diffusers", reason="diffusers is missing: make test-diffusion")

from kirin.errors import KirinError

BENCH = Path(__file__).parents[2] / "bench" / "gpu.py"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_gpu", BENCH)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_main_case_is_28_pflop(bench: ModuleType) -> None:
    assert bench.Case().tokens == 32_760
    assert bench.Case().flop(bench.WAN_1_3B) / 1e15 == pytest.approx(28.3, abs=0.05)


def test_operations_are_those_that_torch_counts(bench: ModuleType) -> None:
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    small = bench.Architecture(layers=2, heads=4, head_size=32, inner=512, text_width=128)
    case = bench.Case(256, 256, 9)
    pipe = bench.pipeline(small, "cpu", torch.float32)
    latents = torch.randn(1, 16, 3, 32, 32)
    text = torch.randn(1, bench.TEXT, 128)
    token_counter = FlopCounterMode(display=False)
    with token_counter, torch.no_grad(), sdpa_kernel(SDPBackend.MATH):  # whose products it counts
        pipe.transformer(latents, torch.tensor([500]), text)
    # Torch counts the embeddings, too, which weigh more in a small model.
    assert token_counter.get_total_flops() == pytest.approx(
        small.forward_flop(case.tokens), rel=0.08
    )


def test_steps_are_timed(bench: ModuleType) -> None:
    small = bench.Architecture(layers=1, heads=2, head_size=16, inner=64, text_width=32)
    pipe = bench.pipeline(small, "cpu", torch.float32)
    assert 0 < bench.seconds_a_step(pipe, small, bench.Case(32, 32, 5), 2) < 10


def test_a_line_tells_speed_share_and_ratio(bench: ModuleType) -> None:
    line = bench.report("compiled", 50.0, 100.0, 5_000_000_000_000_000, 400.0, 7.5)
    told = ["compiled", "50.0", "s", "100", "TFLOP/s", "25%", "2.00x", "7.5", "GB"]
    assert line.split() == told


SMALL = {"layers": 2, "heads": 2, "head_size": 16, "inner": 64, "text_width": 32}


@pytest.mark.parametrize("name", ["plain", "fp8", "first-block", "taylorseer", "4-steps"])
def test_each_setting_is_measured_by_itself(bench: ModuleType, name: str) -> None:
    small, case = bench.Architecture(**SMALL), bench.Case(32, 32, 5)
    found = bench.measured(name, "cpu", small, case, 6)
    assert 0 < found.seconds < 60
    whole = case.flop(small)
    assert found.flop == (whole * 4 // 50 // 2 if name == "4-steps" else whole)


def test_what_is_not_installed_is_told(bench: ModuleType) -> None:
    small = bench.Architecture(**SMALL)
    with pytest.raises(KirinError, match="flash_attn_interface"):
        bench.measured("flash-attn-3", "cpu", small, bench.Case(32, 32, 5), 1)


def test_the_matrix_product_is_measured(bench: ModuleType) -> None:
    assert bench.matmul_peak("cpu", side=128, rounds=2) > 0


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_without_a_gpu_it_says_so() -> None:
    done = subprocess.run(  # noqa: S603  our own script
        [sys.executable, BENCH], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 2
    assert "no GPU with CUDA" in done.stderr
    assert "Traceback" not in done.stderr
