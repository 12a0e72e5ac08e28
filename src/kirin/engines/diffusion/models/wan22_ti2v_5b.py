"""Wan 2.2 TI2V 5B: text-to-video and image-to-video, 720p at 24 fps on small GPUs."""

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
    id="wan2.2-ti2v-5b",
    name="Wan 2.2 TI2V 5B",
    licence=APACHE,
    weights=Weights(
        repository="Wan-AI/Wan2.2-TI2V-5B-Diffusers",
        download_gb=34,
        component_gb={"text_encoder": 11.4, "transformer": 10.0, "vae": 2.8},
        workspace_gb=8,
    ),
    pipeline=PipelineFamily.WAN,
    frames=FrameLimits(step=4, max_count=121, fps=Fraction(24)),
    # The VAE compresses a side by 16, and the transformer's patches are two cells wide.
    sizes=SizeLimits(step=32, max_pixels=1280 * 720),
    steps=50,
    guidance=Guidance(low=2.5, default=5.0, high=8.0),
    prompt_tokens=512,
    # Its pipeline accepts a last frame and ignores it.
    capabilities=frozenset({Capability.TEXT, Capability.FIRST_FRAME, Capability.NEGATIVE_PROMPT}),
    rank=20,
    step_caches=frozenset(StepCacheKind),
    sources=(
        "https://github.com/Wan-Video/Wan2.2/blob/main/wan/configs/wan_ti2v_5B.py",
        "https://huggingface.co/Wan-AI/Wan2.2-TI2V-5B-Diffusers",
    ),
)
