"""Wan-Move 14B: painted parts of a first frame follow their paths, for five seconds at 480p."""

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
    id="wan-move-14b",
    name="Wan-Move 14B 480P",
    licence=APACHE,
    weights=Weights(
        # The transformer was trained on from this model's, and replaces it.
        repository="Wan-AI/Wan2.1-I2V-14B-480P-Diffusers",
        download_gb=79,
        parts={"text_encoder": 11.4, "image_encoder": 1.3, "transformer": 32.8, "vae": 0.5},
        workspace_gb=6,
        swapped={"transformer": "Ruihang/Wan-Move-14B-480P"},
    ),
    form=FormName.MOVE,
    frames=Frames(step=4, most=81, fps=Fraction(16)),
    # Nothing else has a motion brush, so its frames are enlarged rather than refused.
    sizes=Sizes(step=16, most_pixels=832 * 480, enlarged=1280 * 720),
    steps=40,
    guidance=Guidance(low=3.0, usual=5.0, high=8.0),
    prompt_tokens=512,
    takes=frozenset({Gift.FIRST, Gift.STROKES, Gift.NEGATIVE}),
    rank=70,
    caches=frozenset(CacheName),
    sources=(
        "https://github.com/ali-vilab/Wan-Move",
        "https://huggingface.co/Ruihang/Wan-Move-14B-480P",
    ),
)
