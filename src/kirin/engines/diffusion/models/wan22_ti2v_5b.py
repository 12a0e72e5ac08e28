"""Wan 2.2 TI2V 5B: text or a first frame, 720p at 24 frames a second on small GPUs."""

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
    id="wan2.2-ti2v-5b",
    name="Wan 2.2 TI2V 5B",
    licence=APACHE,
    weights=Weights(
        repository="Wan-AI/Wan2.2-TI2V-5B-Diffusers",
        download_gb=34,
        parts={"text_encoder": 11.4, "transformer": 10.0, "vae": 2.8},
        workspace_gb=8,
    ),
    form=FormName.WAN,
    frames=Frames(step=4, most=121, fps=Fraction(24)),
    # The autoencoder shrinks a side by 16, and the transformer looks at squares of two.
    sizes=Sizes(step=32, most_pixels=1280 * 720),
    steps=50,
    guidance=Guidance(low=2.5, usual=5.0, high=8.0),
    prompt_tokens=512,
    # Its pipeline takes a last frame and does nothing with it.
    takes=frozenset({Gift.TEXT, Gift.FIRST, Gift.NEGATIVE}),
    rank=20,
    caches=frozenset(CacheName),
    sources=(
        "https://github.com/Wan-Video/Wan2.2/blob/main/wan/configs/wan_ti2v_5B.py",
        "https://huggingface.co/Wan-AI/Wan2.2-TI2V-5B-Diffusers",
    ),
)
