"""Wan 2.2 I2V A14B: a first frame to video with two experts of 14 billion parameters."""

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
    id="wan2.2-i2v-a14b",
    name="Wan 2.2 I2V A14B",
    licence=APACHE,
    weights=Weights(
        repository="Wan-AI/Wan2.2-I2V-A14B-Diffusers",
        download_gb=126,
        parts={"text_encoder": 11.4, "transformer": 28.6, "transformer_2": 28.6, "vae": 0.5},
        workspace_gb=12,
    ),
    form=FormName.WAN,
    frames=Frames(step=4, most=81, fps=Fraction(16)),
    sizes=Sizes(step=16, most_pixels=1280 * 720),
    steps=40,
    guidance=Guidance(low=2.0, usual=3.5, high=6.0, late=1.0),
    prompt_tokens=512,
    takes=frozenset({Gift.FIRST, Gift.NEGATIVE}),
    rank=10,
    caches=frozenset(CacheName),
    sources=(
        "https://github.com/Wan-Video/Wan2.2/blob/main/wan/configs/wan_i2v_A14B.py",
        "https://huggingface.co/Wan-AI/Wan2.2-I2V-A14B-Diffusers",
    ),
)
