"""Wan 2.1 VACE 1.3B: like its larger sister, for small GPUs, at 480p."""

from fractions import Fraction

from kirin.engines.diffusion.model_spec import (
    APACHE,
    Capability,
    FrameLimits,
    Guidance,
    ModelSpec,
    PipelineFamily,
    SizeLimits,
    StepCacheKind,
    Weights,
)

MODEL = ModelSpec(
    id="wan2.1-vace-1.3b",
    name="Wan 2.1 VACE 1.3B",
    licence=APACHE,
    weights=Weights(
        repository="Wan-AI/Wan2.1-VACE-1.3B-diffusers",
        download_gb=19,
        component_gb={"text_encoder": 11.4, "transformer": 3.6, "vae": 0.5},
        workspace_gb=5,
    ),
    pipeline=PipelineFamily.VACE,
    frames=FrameLimits(step=4, max_count=81, fps=Fraction(16)),
    sizes=SizeLimits(step=16, max_pixels=832 * 480),
    steps=50,
    guidance=Guidance(low=2.5, default=5.0, high=8.0),
    prompt_tokens=512,
    capabilities=frozenset(
        {
            Capability.TEXT,
            Capability.FIRST_FRAME,
            Capability.FIRST_AND_LAST_FRAME,
            Capability.LAST_FRAME_ALONE,
            Capability.SUBJECTS,
            Capability.NEGATIVE_PROMPT,
        }
    ),
    rank=50,
    # It adds its control features between blocks, which the first-block cache would add twice.
    step_caches=frozenset({StepCacheKind.TAYLORSEER}),
    sources=(
        "https://huggingface.co/docs/diffusers/api/pipelines/wan",
        "https://huggingface.co/Wan-AI/Wan2.1-VACE-1.3B-diffusers/tree/main",
    ),
)
