"""Wan-Move 14B: a motion brush for a first frame, for five seconds at 480p."""

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
    id="wan-move-14b",
    name="Wan-Move 14B 480P",
    licence=APACHE,
    weights=Weights(
        # Its transformer is fine-tuned from this model's, and replaces it.
        repository="Wan-AI/Wan2.1-I2V-14B-480P-Diffusers",
        download_gb=79,
        component_gb={"text_encoder": 11.4, "image_encoder": 1.3, "transformer": 32.8, "vae": 0.5},
        workspace_gb=6,
        overrides={"transformer": "Ruihang/Wan-Move-14B-480P"},
    ),
    pipeline=PipelineFamily.MOVE,
    frames=FrameLimits(step=4, max_count=81, fps=Fraction(16)),
    # No other model has a motion brush, so larger videos are upscaled rather than refused.
    sizes=SizeLimits(step=16, max_pixels=832 * 480, upscaled_pixels=1280 * 720),
    steps=40,
    guidance=Guidance(low=3.0, default=5.0, high=8.0),
    prompt_tokens=512,
    capabilities=frozenset(
        {Capability.FIRST_FRAME, Capability.MOTION_BRUSH, Capability.NEGATIVE_PROMPT}
    ),
    rank=70,
    step_caches=frozenset(StepCacheKind),
    sources=(
        "https://github.com/ali-vilab/Wan-Move",
        "https://huggingface.co/Ruihang/Wan-Move-14B-480P",
    ),
)
