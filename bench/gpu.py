"""How fast open models denoise on this machine's GPU: ``python bench/gpu.py``.

Builds the transformer of Wan 2.1 T2V 1.3B with random weights, which cost what real ones do, and
lets diffusers' own pipeline denoise 81 frames of 832x480 with guidance: 28.3 PFLOP for 50 steps.
Prints for each variant the seconds for 50 steps, the TFLOP/s, their share of what a large matrix
product reaches in the same run, the ratio to the plain pipeline and the GPU memory at its peak.
The variants are the settings of the diffusion engine (``KIRIN_DIFFUSION_...``), done to the
pipeline by the engine's own code; all are tried where nothing else is asked for, and one that
needs what is not installed is told and passed over. Text encoder and autoencoder are left out.
Without CUDA it says so and ends with status 2.

With a cache, TFLOP/s count the work that was spared, and with ``first-block`` how much that is
depends on the weights: measure it with a real model. ``4-steps`` is what a few-step LoRA makes of
the model, four steps without guidance, whose weights cost nothing while it runs.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

STEPS = 50
"""Denoising steps that the figures are for."""

TEXT = 512
"""Tokens of a prompt; what is shorter is filled up."""


@dataclass(frozen=True)
class Architecture:
    """The transformer of a Wan model.

    Attributes:
        layers, heads, head_size, inner: its blocks, and the width of their feed-forward part.
        text_width: of the text encoder's states.
        channels: of latents.
    """

    layers: int = 30
    heads: int = 12
    head_size: int = 128
    inner: int = 8960
    text_width: int = 4096
    channels: int = 16

    @property
    def width(self) -> int:
        """Of a token."""
        return self.heads * self.head_size

    def forward_flop(self, tokens: int, text: int = TEXT) -> int:
        """Operations of one pass, a multiplication and an addition counted as two.

        Products of matrices only, which are all but a hundredth: per layer four for attention of
        the tokens to each other, four for attention to the text, two feed-forward.
        """
        square = 2 * self.width**2
        own = 4 * tokens * square + 4 * tokens**2 * self.width
        cross = 2 * (tokens + text) * square + 4 * tokens * text * self.width
        forward = 4 * tokens * self.width * self.inner
        return self.layers * (own + cross + forward)


@dataclass(frozen=True)
class Case:
    """A video to make.

    Attributes:
        width, height: pixels, multiples of 16.
        frames: a multiple of four and one.
    """

    width: int = 832
    height: int = 480
    frames: int = 81

    @property
    def tokens(self) -> int:
        """Of the transformer: one for four frames of 16 x 16 pixels."""
        return ((self.frames - 1) // 4 + 1) * (self.height // 16) * (self.width // 16)

    def flop(self, architecture: Architecture, steps: int = STEPS) -> int:
        """Operations of so many steps with guidance, which takes two passes."""
        return 2 * steps * architecture.forward_flop(self.tokens)


WAN_1_3B = Architecture()


def pipeline(architecture: Architecture, device: str, dtype: Any) -> Any:
    """diffusers' own pipeline with random weights, without text encoder and autoencoder."""
    import torch
    from diffusers import UniPCMultistepScheduler, WanPipeline, WanTransformer3DModel

    torch.manual_seed(0)
    with torch.device(device):
        transformer = WanTransformer3DModel(
            patch_size=(1, 2, 2),
            num_attention_heads=architecture.heads,
            attention_head_dim=architecture.head_size,
            in_channels=architecture.channels,
            out_channels=architecture.channels,
            text_dim=architecture.text_width,
            freq_dim=256,
            ffn_dim=architecture.inner,
            num_layers=architecture.layers,
            cross_attn_norm=True,
            qk_norm="rms_norm_across_heads",
        )
    # As the loading of real weights does: the rest stays in four bytes.
    for name, parameter in transformer.named_parameters():
        if not any(kept in name for kept in transformer._keep_in_fp32_modules):
            parameter.data = parameter.data.to(dtype)
    scheduler = UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
    )
    pipe = WanPipeline(
        tokenizer=None,
        text_encoder=None,
        vae=None,
        scheduler=scheduler,
        transformer=transformer.eval(),
    )
    pipe.set_progress_bar_config(disable=True)
    return pipe


def seconds_a_step(
    pipe: Any, architecture: Architecture, case: Case, steps: int, scale: float = 5.0
) -> float:
    """Mean time of a step after the first one; the mean, for caches make steps unequal.

    Args:
        scale: of the guidance; 1 for none.
    """
    import torch

    device = pipe.transformer.device
    text = torch.zeros(
        1, TEXT, architecture.text_width, device=device, dtype=pipe.transformer.dtype
    )
    moments: list[float] = []

    def after_step(_pipe: Any, _step: int, _moment: Any, given: dict[str, Any]) -> dict[str, Any]:
        if device.type == "cuda":
            torch.cuda.synchronize()
        moments.append(time.perf_counter())
        return given

    pipe(
        prompt_embeds=text,
        negative_prompt_embeds=text,
        width=case.width,
        height=case.height,
        num_frames=case.frames,
        num_inference_steps=steps + 1,
        guidance_scale=scale,
        generator=torch.Generator("cpu").manual_seed(0),
        output_type="latent",
        callback_on_step_end=after_step,
    )
    return statistics.fmean(later - sooner for sooner, later in itertools.pairwise(moments))


def matmul_peak(device: str, side: int = 8192, rounds: int = 20) -> float:
    """TFLOP/s of a product of large matrices in two bytes; the best of several rounds."""
    import torch

    left, right = (torch.randn(side, side, device=device, dtype=torch.bfloat16) for _ in "ab")
    best = float("inf")
    for _ in range(rounds):
        if device == "cuda":
            torch.cuda.synchronize()
        start = time.perf_counter()
        left @ right
        if device == "cuda":
            torch.cuda.synchronize()
        best = min(best, time.perf_counter() - start)
    return 2 * side**3 / best / 1e12


VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "compiled": {"compiled": True},
    "fp8": {"fp8": True},
    "cudnn": {"attention": "cudnn"},
    "flash-attn-2": {"attention": "flash-attn-2"},
    "flash-attn-3": {"attention": "flash-attn-3"},
    "sage": {"attention": "sage"},
    "cudnn+compiled": {"attention": "cudnn", "compiled": True},
    "flash-attn-3+compiled": {"attention": "flash-attn-3", "compiled": True},
    "sage+compiled": {"attention": "sage", "compiled": True},
    "first-block": {"cache": "first-block"},
    "taylorseer": {"cache": "taylorseer"},
    "4-steps": {"few": 4},
}
"""The settings of each; the first is what the others are compared with."""


@dataclass(frozen=True)
class Result:
    """What was measured of a variant.

    Attributes:
        seconds: for all of its steps.
        flop: operations of these.
        gb: memory at its peak.
    """

    seconds: float
    flop: int
    gb: float


def tuned(pipe: Any, device: str, settings: Mapping[str, Any]) -> None:
    """Do to a pipeline what the diffusion engine does by its settings.

    Raises:
        KirinError: something that they need is not installed.
    """
    from kirin.engines.diffusion.models.wan22_t2v_a14b import MODEL
    from kirin.engines.diffusion.optimizations import StepCache
    from kirin.engines.diffusion.optimizer import compile_blocks, optimize
    from kirin.engines.diffusion.runtime import RuntimeConfiguration

    cache = settings.get("cache")
    runtime = RuntimeConfiguration(
        device,
        compiled=settings.get("compiled", False),
        fp8=settings.get("fp8", False),
        attention=settings.get("attention", "native"),  # for the one before is kept otherwise
        cache=StepCache.parse(cache) if cache else None,
    )
    runtime.check_requirements()
    optimizations = runtime.optimizations(MODEL, {})
    optimize(pipe, optimizations, pipe.transformer.dtype)
    if optimizations.compiled:
        compile_blocks(pipe)


def report(name: str, whole: float, plain: float, flop: int, peak: float, gb: float) -> str:
    """A line of the table.

    Args:
        name: of the variant.
        whole: seconds that all of its steps take.
        plain: the same of the plain pipeline.
        flop: operations of these steps.
        peak: TFLOP/s of a matrix product.
        gb: memory at its peak.
    """
    speed = flop / whole / 1e12
    return (
        f"{name:<22}{whole:>9.1f} s{speed:>9.0f} TFLOP/s{speed / peak:>8.0%}"
        f"{plain / whole:>8.2f}x{gb:>9.1f} GB"
    )


def measured(name: str, device: str, architecture: Architecture, case: Case, steps: int) -> Result:
    """Build the pipeline of a variant and time it.

    Raises:
        KirinError: something that it needs is not installed.
    """
    import torch

    settings = VARIANTS[name]
    pipe = pipeline(architecture, device, torch.bfloat16 if device == "cuda" else torch.float32)
    tuned(pipe, device, settings)
    few = settings.get("few")
    scale = 1.0 if few else 5.0
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    with torch.no_grad():
        seconds_a_step(pipe, architecture, case, 1, scale)  # compiles, and chooses kernels
        step = seconds_a_step(pipe, architecture, case, steps, scale)
    gb = torch.cuda.max_memory_allocated() / 1e9 if device == "cuda" else 0.0
    flop = case.flop(architecture, few) // 2 if few else case.flop(architecture)
    return Result(step * (few or STEPS), flop, gb)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split(":")[0])
    parser.add_argument("--steps", type=int, default=10, help="steps that are timed (%(default)s)")
    parser.add_argument("--variants", default=",".join(VARIANTS), help="some of %(default)s")
    options = parser.parse_args()
    names = options.variants.split(",")
    if unknown := sorted(set(names) - set(VARIANTS)):
        parser.error(f"there is no variant {unknown[0]}; there are {', '.join(VARIANTS)}")
    try:
        import torch
    except ImportError:
        _refuse("torch is not installed: pip install 'kirin[gpu]'")
    if not torch.cuda.is_available():
        _refuse("torch sees no GPU with CUDA on this machine")
    case = Case()
    flop = case.flop(WAN_1_3B)
    peak = matmul_peak("cuda")
    name = torch.cuda.get_device_name()
    print(f"{name}, torch {torch.__version__}, matrix product {peak:.0f} TFLOP/s")
    print(f"Wan 2.1 1.3B, {case.width}x{case.height}x{case.frames}: {flop / 1e15:.1f} PFLOP")
    plain = 0.0
    for name in dict.fromkeys((next(iter(VARIANTS)), *names)):
        try:
            found = measured(name, "cuda", WAN_1_3B, case, options.steps)
        except Exception as error:  # one that fails here need not keep us from the others
            print(f"{name:<22}not measured: {str(error).splitlines()[0]}", flush=True)
            continue
        plain = plain or found.seconds
        print(report(name, found.seconds, plain, found.flop, peak, found.gb), flush=True)
        torch.cuda.empty_cache()


def _refuse(why: str) -> None:
    print(f"bench/gpu.py measures nothing here: {why}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
