"""Wan 2.2 Animate 14B: animates an image's character after the person in a video, at 720p."""

from fractions import Fraction

from kirin.engines.diffusion.model_spec import (
    APACHE,
    Capability,
    FrameLimits,
    ModelSpec,
    PipelineFamily,
    SizeLimits,
    StepCacheKind,
    Weights,
)

MODEL = ModelSpec(
    id="wan2.2-animate-14b",
    name="Wan 2.2 Animate 14B",
    licence=APACHE,
    weights=Weights(
        repository="Wan-AI/Wan2.2-Animate-14B-Diffusers",
        download_gb=82,
        component_gb={"text_encoder": 11.4, "image_encoder": 1.3, "transformer": 34.6, "vae": 0.5},
        workspace_gb=14,
    ),
    pipeline=PipelineFamily.ANIMATE,
    # Poses have the frame rate of the driving video, which its authors convert to 30 fps.
    frames=FrameLimits(step=4, max_count=77, fps=Fraction(16), max_fps=Fraction(30)),
    sizes=SizeLimits(step=16, max_pixels=1280 * 720),
    steps=20,
    guidance=None,  # its authors use a scale of 1, which also disables the negative prompt
    prompt_tokens=512,
    capabilities=frozenset({Capability.FIRST_FRAME, Capability.MOTION_CONTROL}),
    rank=80,
    # It adds face features between blocks, which the first-block cache would add twice.
    step_caches=frozenset({StepCacheKind.TAYLORSEER}),
    sources=(
        "https://arxiv.org/abs/2509.14055",
        "https://github.com/Wan-Video/Wan2.2/tree/main/wan/modules/animate/preprocess",
        "https://huggingface.co/Wan-AI/Wan2.2-Animate-14B-Diffusers/tree/main/transformer",
        "https://huggingface.co/docs/diffusers/api/pipelines/wan",
    ),
)
