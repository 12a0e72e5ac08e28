"""Wan 2.1 FLF2V 14B: video between a first and a last frame."""

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
    id="wan2.1-flf2v-14b",
    name="Wan 2.1 FLF2V 14B 720P",
    licence=APACHE,
    weights=Weights(
        repository="Wan-AI/Wan2.1-FLF2V-14B-720P-diffusers",
        download_gb=79,
        component_gb={"text_encoder": 11.4, "image_encoder": 1.3, "transformer": 32.8, "vae": 0.5},
        workspace_gb=12,
    ),
    pipeline=PipelineFamily.WAN,
    frames=FrameLimits(step=4, max_count=81, fps=Fraction(16)),
    sizes=SizeLimits(step=16, max_pixels=1280 * 720),
    steps=50,
    guidance=Guidance(low=3.0, default=5.5, high=8.0),
    prompt_tokens=512,
    # Its image embeddings have positions for two images: the pipeline fails with one.
    capabilities=frozenset({Capability.FIRST_AND_LAST_FRAME, Capability.NEGATIVE_PROMPT}),
    rank=30,
    step_caches=frozenset(StepCacheKind),
    sources=(
        "https://huggingface.co/docs/diffusers/api/pipelines/wan",
        "https://huggingface.co/Wan-AI/Wan2.1-FLF2V-14B-720P-diffusers",
    ),
)
