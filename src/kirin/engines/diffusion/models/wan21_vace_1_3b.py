"""Wan 2.1 VACE 1.3B: subjects from pictures, on small GPUs, at 480p."""

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
    id="wan2.1-vace-1.3b",
    name="Wan 2.1 VACE 1.3B",
    licence=APACHE,
    weights=Weights(
        repository="Wan-AI/Wan2.1-VACE-1.3B-diffusers",
        download_gb=19,
        parts={"text_encoder": 11.4, "transformer": 3.6, "vae": 0.5},
        workspace_gb=5,
    ),
    form=FormName.VACE,
    frames=Frames(step=4, most=81, fps=Fraction(16)),
    sizes=Sizes(step=16, most_pixels=832 * 480),
    steps=50,
    guidance=Guidance(low=2.5, usual=5.0, high=8.0),
    prompt_tokens=512,
    takes=frozenset(
        {
            Gift.TEXT,
            Gift.FIRST,
            Gift.BOTH,
            Gift.LAST,
            Gift.REFERENCES,
            Gift.NEGATIVE,
        }
    ),
    rank=50,
    # It adds what it sees of pictures between its blocks, which the other cache would count twice.
    caches=frozenset({CacheName.TAYLORSEER}),
    sources=(
        "https://huggingface.co/docs/diffusers/api/pipelines/wan",
        "https://huggingface.co/Wan-AI/Wan2.1-VACE-1.3B-diffusers/tree/main",
    ),
)
