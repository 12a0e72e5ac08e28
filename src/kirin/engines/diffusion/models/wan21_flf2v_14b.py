"""Wan 2.1 FLF2V 14B: from a first frame to a last one."""

from fractions import Fraction

from kirin.engines.diffusion.facts import (
    APACHE,
    CacheName,
    FormName,
    Frames,
    Gift,
    Guidance,
    OpenModel,
    Sizes,
    Weights,
)

MODEL = OpenModel(
    id="wan2.1-flf2v-14b",
    name="Wan 2.1 FLF2V 14B 720P",
    licence=APACHE,
    weights=Weights(
        repository="Wan-AI/Wan2.1-FLF2V-14B-720P-diffusers",
        download_gb=79,
        parts={"text_encoder": 11.4, "image_encoder": 1.3, "transformer": 32.8, "vae": 0.5},
        workspace_gb=12,
    ),
    form=FormName.WAN,
    frames=Frames(step=4, most=81, fps=Fraction(16)),
    sizes=Sizes(step=16, most_pixels=1280 * 720),
    steps=50,
    guidance=Guidance(low=3.0, usual=5.5, high=8.0),
    prompt_tokens=512,
    # Its image encoder's places are those of two pictures: it fails with one.
    takes=frozenset({Gift.BOTH, Gift.NEGATIVE}),
    rank=30,
    caches=frozenset(CacheName),
    sources=(
        "https://huggingface.co/docs/diffusers/api/pipelines/wan",
        "https://huggingface.co/Wan-AI/Wan2.1-FLF2V-14B-720P-diffusers",
    ),
)
