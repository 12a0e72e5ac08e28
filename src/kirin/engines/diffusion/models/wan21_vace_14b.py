"""Wan 2.1 VACE 14B: video from images of subjects and from any given frames."""

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
    id="wan2.1-vace-14b",
    name="Wan 2.1 VACE 14B",
    licence=APACHE,
    weights=Weights(
        repository="Wan-AI/Wan2.1-VACE-14B-diffusers",
        download_gb=75,
        component_gb={"text_encoder": 11.4, "transformer": 34.7, "vae": 0.5},
        workspace_gb=14,
    ),
    pipeline=PipelineFamily.VACE,
    frames=FrameLimits(step=4, max_count=81, fps=Fraction(16)),
    sizes=SizeLimits(step=16, max_pixels=1280 * 720),
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
    rank=40,
    # It adds its control features between blocks, which the first-block cache would add twice.
    step_caches=frozenset({StepCacheKind.TAYLORSEER}),
    sources=(
        "https://huggingface.co/docs/diffusers/api/pipelines/wan",
        "https://huggingface.co/Wan-AI/Wan2.1-VACE-14B-diffusers/tree/main/transformer",
    ),
)
