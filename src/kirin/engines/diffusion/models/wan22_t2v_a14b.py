"""Wan 2.2 T2V A14B: text-to-video with two experts of 14 billion parameters."""

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
    id="wan2.2-t2v-a14b",
    name="Wan 2.2 T2V A14B",
    licence=APACHE,
    weights=Weights(
        repository="Wan-AI/Wan2.2-T2V-A14B-Diffusers",
        download_gb=126,
        component_gb={"text_encoder": 11.4, "transformer": 28.6, "transformer_2": 28.6, "vae": 0.5},
        workspace_gb=12,
    ),
    pipeline=PipelineFamily.WAN,
    frames=FrameLimits(step=4, max_count=81, fps=Fraction(16)),
    sizes=SizeLimits(step=16, max_pixels=1280 * 720),
    steps=40,
    guidance=Guidance(low=2.0, default=4.0, high=7.0, second_expert=0.75),
    prompt_tokens=512,
    capabilities=frozenset({Capability.TEXT, Capability.NEGATIVE_PROMPT}),
    rank=10,
    step_caches=frozenset(StepCacheKind),
    sources=(
        "https://github.com/Wan-Video/Wan2.2/blob/main/wan/configs/wan_t2v_A14B.py",
        "https://huggingface.co/Wan-AI/Wan2.2-T2V-A14B-Diffusers",
    ),
)
