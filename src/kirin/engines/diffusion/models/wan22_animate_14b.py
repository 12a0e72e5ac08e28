"""Wan 2.2 Animate 14B: a picture's character moves as the person of a video does, at 720p."""

from fractions import Fraction

from kirin.engines.diffusion.facts import (
    APACHE,
    CacheName,
    FormName,
    Frames,
    Gift,
    OpenModel,
    Sizes,
    Weights,
)

MODEL = OpenModel(
    id="wan2.2-animate-14b",
    name="Wan 2.2 Animate 14B",
    licence=APACHE,
    weights=Weights(
        repository="Wan-AI/Wan2.2-Animate-14B-Diffusers",
        download_gb=82,
        parts={"text_encoder": 11.4, "image_encoder": 1.3, "transformer": 34.6, "vae": 0.5},
        workspace_gb=14,
    ),
    form=FormName.ANIMATE,
    # Poses come at the rate of the driving video, which its makers convert to 30.
    frames=Frames(step=4, most=77, fps=Fraction(16), fastest=Fraction(30)),
    sizes=Sizes(step=16, most_pixels=1280 * 720),
    steps=20,
    guidance=None,  # its makers' scale is 1; what it must not show is not asked for either
    prompt_tokens=512,
    takes=frozenset({Gift.FIRST, Gift.DRIVING}),
    rank=80,
    # It adds faces between its blocks, which the other cache would count twice.
    caches=frozenset({CacheName.TAYLORSEER}),
    sources=(
        "https://arxiv.org/abs/2509.14055",
        "https://github.com/Wan-Video/Wan2.2/tree/main/wan/modules/animate/preprocess",
        "https://huggingface.co/Wan-AI/Wan2.2-Animate-14B-Diffusers/tree/main/transformer",
        "https://huggingface.co/docs/diffusers/api/pipelines/wan",
    ),
)
